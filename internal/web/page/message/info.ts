// What a text says of its file, as another browser has written it.
import { decode } from '../account/bytes.ts';

/** What a text says of its file. */
export interface FileInfo {
  id: string;
  key: string;
  name: string;
  size: number;
}

const LONGEST_NAME = 120; // characters
export const LARGEST = 25_000_000; // bytes

/** A name of a file without what could mislead: no folders, no letters that turn others around. */
export function plainName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, '_').replace(/^[.\s]+/, '').trim();
  if (clean.length <= LONGEST_NAME) return clean || '_';
  const end = /\.[\w]{1,10}$/.exec(clean)?.[0] ?? '';
  return clean.slice(0, LONGEST_NAME - end.length) + end;
}

/** Reads what another browser says of a file; null for anything else. */
export function readInfo(x: unknown): FileInfo | null {
  const f = x as Partial<Record<keyof FileInfo, unknown>> | null;
  if (typeof f !== 'object' || f === null) return null;
  const { id, key, name, size } = f;
  if (typeof id !== 'string' || !/^[0-9a-z]{26}$/.test(id) || typeof key !== 'string' || decode(key)?.length !== 32) return null;
  if (typeof name !== 'string' || typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > LARGEST) return null;
  return { id, key, name: plainName(name), size };
}
