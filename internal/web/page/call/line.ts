// Sees when the network under a call has changed or gone, and lets the line be taken up at
// once: LiveKit's client itself waits fifteen seconds until a browser gives the old way up.

const LOOK = 1000; // ms between two looks at what has come
const STILL = 2; // looks in a row in which nothing has come, though somebody speaks
const SOON = 300; // ms that a new network takes until packets go through it
const REST = 8000; // ms between two times
const BREATH = 1000; // ms after which another network is taken at once again

/** What is asked of a call. */
export interface Watched {
  /** The bytes that have come so far; null when nothing need come. */
  came(): Promise<number | null>;
  /** Takes the line up anew, without a break in what goes through; false when that makes no sense now. */
  retake(): Promise<boolean>;
}

/** What tells of a network: the window, and in some browsers its sort (from Wi-Fi to a carrier's, say). */
type Tells = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

export class Line {
  private timer = 0;
  private was: number | null = null;
  private still = 0;
  private last = -REST;
  private readonly changed = (): void => void setTimeout(() => void this.again(BREATH), SOON);

  constructor(
    private readonly call: Watched,
    private readonly tells: [Tells, string][] = networks(),
    private readonly now: () => number = () => performance.now(),
  ) {}

  watch(): void {
    if (this.timer) return;
    for (const [from, what] of this.tells) from.addEventListener(what, this.changed);
    this.timer = setInterval(() => void this.look(), LOOK) as unknown as number;
  }

  end(): void {
    clearInterval(this.timer);
    for (const [from, what] of this.tells) from.removeEventListener(what, this.changed);
  }

  /** Looks whether anything has come since the last time. */
  async look(): Promise<void> {
    const n = await this.call.came();
    this.still = n !== null && n === this.was ? this.still + 1 : 0;
    this.was = n;
    if (this.still >= STILL) await this.again(REST);
  }

  private async again(rest: number): Promise<void> {
    const was = this.last;
    if (this.now() - was < rest) return;
    this.last = this.now();
    this.still = 0;
    if (!(await this.call.retake())) this.last = was;
  }
}

function networks(): [Tells, string][] {
  const { connection } = navigator as Navigator & { connection?: Tells };
  return connection ? [[window, 'online'], [connection, 'change']] : [[window, 'online']];
}
