// The keys of calls that have come by sealed messages, until their calls are answered. All
// devices of the called get them, and most have no other use for them.
import type { Book } from './book.ts';

/** What of the book is used here. */
type Records = Pick<Book, 'all' | 'get' | 'put'>;

/** ms: a call may begin to ring 45 seconds after its key was sent, rings for 45, and whoever answers waits 20 for the key. */
export const LASTS = 3 * 60_000;

/** The key of a call, and who has sent it. */
interface CallKey {
  key: string;
  from: string;
  until: number;
}

const named = (call: string): string => `call/${call}`;

export class CallKeys {
  constructor(
    private readonly book: Records,
    private readonly now: () => number = Date.now,
  ) {}

  keep(call: string, key: string, from: string): Promise<void> {
    const kept: CallKey = { key, from, until: this.now() + LASTS };
    return this.book.put({ [named(call)]: kept });
  }

  /** The key, if it came from whom it should, and is not too old for its call. */
  async of(call: string, from: string): Promise<string | null> {
    const c = await this.book.get<CallKey>(named(call));
    return c && c.from === from && this.good(c) ? c.key : null;
  }

  forget(call: string): Promise<void> {
    return this.book.put({ [named(call)]: undefined });
  }

  /** Takes away those that nobody can answer with any more. */
  async sweep(): Promise<void> {
    const stale = (await this.book.all<CallKey>(named(''))).filter(([, c]) => !this.good(c));
    if (stale.length > 0) await this.book.put(Object.fromEntries(stale.map(([name]) => [name, undefined])));
  }

  /** An older program, or a clock that was set back, would have kept it longer. */
  private good(c: CallKey): boolean {
    return c.until > this.now() && c.until <= this.now() + LASTS;
  }
}
