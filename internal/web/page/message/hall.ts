// What the hall is asked for messages. It hands on what is sealed.
import { type Bytes, decode, encode } from '../account/bytes.ts';
import type { Spoken } from './said.ts';
import { markSpoken } from '../space/spoke.ts';

/** The hall said no: its words, and the key by which a program knows what to do. */
export class Refusal extends Error {
  constructor(message: string, readonly key: string, readonly status: number) {
    super(message);
  }
}

/** The hall cannot be reached. */
export class Offline extends Error {}

async function ask<T>(address: string, body?: object): Promise<T> {
  let r: Response;
  try {
    r = await fetch(address, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      cache: 'no-store', headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    });
  } catch {
    throw new Offline();
  }
  const data = (await r.json().catch(() => ({}))) as T & { message?: string; key?: string };
  if (r.ok && body) markSpoken(); // whatever a device sends or takes, a nightly copy of the files dates
  if (r.ok) return data;
  throw r.status >= 500 ? new Offline() : new Refusal(data.message ?? String(r.status), data.key ?? '', r.status);
}

const bytes = (text: string): Bytes => {
  const b = decode(text);
  if (!b) throw new Error('hall: bytes');
  return b;
};

async function piecework(address: string, body?: Bytes, signal?: AbortSignal): Promise<Bytes> {
  let r: Response;
  try {
    r = await fetch(address, {
      ...(body ? { method: 'POST', body } : {}), ...(signal ? { signal } : {}),
      cache: 'no-store', headers: { Accept: 'application/json, application/octet-stream', 'Content-Type': 'application/octet-stream' },
    });
    if (r.ok) return new Uint8Array(await r.arrayBuffer());
  } catch {
    throw new Offline();
  }
  const data = (await r.json().catch(() => ({}))) as { message?: string; key?: string };
  throw r.status >= 500 ? new Offline() : new Refusal(data.message ?? '', data.key ?? '', r.status);
}

/** Sends a sealed piece of a file. */
export async function putPiece(leaf: string, group: string, file: string, n: number, last: boolean, body: Bytes, signal: AbortSignal): Promise<void> {
  await piecework(`/messages/leaves/${leaf}/groups/${group}/files/${file}/${n}${last ? '?last=1' : ''}`, body, signal);
  markSpoken();
}

/** Takes back a file that is not wholly there. */
export const cancelFile = (leaf: string, group: string, file: string): Promise<unknown> => ask(`/messages/leaves/${leaf}/groups/${group}/files/${file}/cancellation`, {});

export const piece = (leaf: string, file: string, n: number): Promise<Bytes> => piecework(`/messages/leaves/${leaf}/files/${file}/${n}`);

export const gotFile = (leaf: string, file: string): Promise<unknown> => ask(`/messages/leaves/${leaf}/files/${file}/receipt`, {});

export interface Person {
  face: string;
  name: string;
  handle: string;
  leaves: string[];
  left?: Record<string, number>;
}

export interface Member {
  leaf: string;
  face: string; // empty: the device is no more, or its owner has left
  left: boolean;
  name: string;
  handle: string;
}

/** How a conversation stands with the hall. */
export interface Standing {
  epoch: number;
  room: boolean;
  keeper: string;
  asked: boolean; // this device's owner had left, and was brought in again: she hears nothing until she comes in
  members: Member[];
  lacking: Member[]; // devices of its people that are not in yet
}

/** Somebody whom one may bring in. */
export interface Known {
  face: string;
  name: string;
  handle: string;
}

export interface Item {
  id: string;
  group: string;
  n: number;
  kind: 'commit' | 'welcome' | 'text';
  epoch: number;
  body: Bytes;
}

/** What goes into a conversation; kept as it is until the hall has it. */
export interface Sent {
  epoch: number;
  once: string;
  body: string;
  welcome?: string;
  add?: string[];
  remove?: string[];
  room?: boolean;
  quiet?: boolean; // nobody is to be rung for it
}

const at = encodeURIComponent;

export const device = (): Promise<{ device: string }> => ask('/me/device');

export const person = (handle: string): Promise<Person> => ask(`/people/${at(handle)}/leaves`);

export async function draw(handle: string, leaves: string[]): Promise<{ leaf: string; body: Bytes }[]> {
  const list = await ask<{ leaf: string; body: string }[]>(`/people/${at(handle)}/packages`, { leaves });
  return list.map((p) => ({ leaf: p.leaf, body: bytes(p.body) }));
}

export const enrol = (leaf: string, identity: Bytes, last: Bytes, packages: Bytes[]): Promise<unknown> =>
  ask('/messages/leaves', { leaf, identity: encode(identity), last: encode(last), packages: packages.map(encode) });

export const stock = (leaf: string, packages: Bytes[]): Promise<unknown> =>
  ask(`/messages/leaves/${leaf}/packages`, { packages: packages.map(encode) });

export const dismiss = (leaf: string): Promise<unknown> => ask(`/messages/leaves/${leaf}/dismissal`, {});

export async function box(leaf: string): Promise<Item[]> {
  const list = await ask<(Omit<Item, 'body'> & { body: string })[]>(`/messages/leaves/${leaf}/box`);
  return list.map((i) => ({ ...i, body: bytes(i.body) }));
}

export const receive = (leaf: string, items: string[]): Promise<unknown> => ask(`/messages/leaves/${leaf}/receipts`, { items });

export const known = (): Promise<Known[]> => ask('/messages/people');

/** A key package of each device of several people. */
export async function gather(people: string[]): Promise<(Known & { packages: { leaf: string; body: Bytes }[] })[]> {
  const list = await ask<(Known & { packages: { leaf: string; body: string }[] })[]>('/messages/packages', { people });
  return list.map((k) => ({ ...k, packages: k.packages.map((p) => ({ leaf: p.leaf, body: bytes(p.body) })) }));
}

export const leave = (leaf: string, id: string): Promise<unknown> => ask(`/messages/groups/${id}/leaving`, { leaf });

/** Comes into a room again that she had left. */
export const enter = (leaf: string, id: string): Promise<unknown> => ask(`/messages/groups/${id}/entering`, { leaf });

export const group = (leaf: string, id: string): Promise<Standing> => ask(`/messages/leaves/${leaf}/groups/${at(id)}`);

export const change = (leaf: string, id: string, s: Sent): Promise<{ n: number }> => ask(`/messages/groups/${id}/changes`, { ...s, leaf });

/** Shows the stewards one message. */
export const report = (face: string, said: Spoken, cause: string, complaint: string): Promise<unknown> => ask('/messages/reports', { face, ...said, cause, complaint });

export const text = (leaf: string, id: string, s: Sent): Promise<{ n: number }> => ask(`/messages/groups/${id}/texts`, { ...s, leaf });

export { draws } from './draws.ts';
