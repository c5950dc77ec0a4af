// What a standing needs of the world around it, and what goes in and out of it.
import type { Bytes } from '../account/bytes.ts';
import type { IssuerKey } from './blind.ts';
import type { Slot } from './derive.ts';
import type { Pass } from './pass.ts';
import type { Signer } from './signer.ts';
import type { Draw } from './state.ts';
import type { Answer } from './visit.ts';

/** Where rows are kept. */
export interface Rows {
  get<T>(name: string): Promise<T | null>;
  put(name: string, value: unknown): Promise<void>;
}

/** What a standing needs of the world. */
export interface World {
  root: Bytes;
  space: string;
  lang: string;
  rows: Rows;
  now(): number;
  spoke(): number; // when this device last spoke openly; 0: not that it knows
  issuer(slot: Slot): Promise<IssuerKey>; // compared and found in the log, or fails
  pay(body: Bytes): Promise<Answer>;
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
  draw?: Draw;
}

/** Whoever speaks in a visit; the pass stands there when the key is no mask. */
export interface Voice {
  by: Signer;
  pass?: Pass;
}

/** What leaves with the page, by what was done openly before; null for nothing. */
export interface Parting {
  quiet: Bytes | null;
  spoken: Bytes | null;
  ids?: { quiet: string; spoken: string }; // by which a letterbox takes them; without, they go to the hall
}

export interface Draft {
  thread: string; // empty: a new one
  title: string;
  reply: string;
  text: string;
  lang: string;
}
