// A file on its way: sealed in pieces under a key of its own, which stands in the sealed
// text that names it. Lengths are rounded, so that the hall learns them only roughly.
import { type Bytes, decode, encode, random, utf8 } from '../account/bytes.ts';
import { type FileInfo, LARGEST, plainName } from './info.ts';

const PIECE = 1 << 20; // bytes
const STEP = 4096;
const SIDE = 2560; // pixels of a picture's longer side

/** Rounds a length so that little is told by it: at most an eighth more (Padmé), in whole steps. */
export function padded(size: number): number {
  const n = Math.max(size, STEP);
  const e = Math.floor(Math.log2(n));
  const unit = 2 ** Math.max(e - Math.floor(Math.log2(e)) - 1, Math.log2(STEP));
  return Math.ceil(n / unit) * unit;
}

export const pieces = (f: FileInfo): number => Math.ceil(padded(f.size) / PIECE);

const keyOf = (f: FileInfo): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', decode(f.key) ?? new Uint8Array(), 'AES-GCM', false, ['encrypt', 'decrypt']);

/** One key seals one file, so the number of a piece is its nonce; each is bound to its file and place. */
function sealing(f: FileInfo, n: number): AesGcmParams {
  const iv = new Uint8Array(12);
  iv[11] = n;
  return { name: 'AES-GCM', iv, additionalData: utf8(['guildhall/messages/file/1', f.id, String(n), String(pieces(f))].join('\0')) };
}

/** The same file to be sent anew, under another number; its key is another too, since nonces begin anew. */
export const anew = (f: FileInfo, id: string): FileInfo => ({ ...f, id, key: encode(random(32)) });

export async function sealPiece(f: FileInfo, bytes: Bytes, n: number): Promise<Bytes> {
  const plain = new Uint8Array(Math.min(padded(f.size) - n * PIECE, PIECE));
  plain.set(bytes.subarray(n * PIECE, n * PIECE + plain.length));
  return new Uint8Array(await crypto.subtle.encrypt(sealing(f, n), await keyOf(f), plain));
}

/** Opens a file that get gives piece by piece. Fails when one is not what the sender has sealed. */
export async function openPieces(f: FileInfo, get: (n: number) => Promise<Bytes>): Promise<Bytes> {
  const all = new Uint8Array(padded(f.size));
  const key = await keyOf(f);
  for (let n = 0; n < pieces(f); n++) all.set(new Uint8Array(await crypto.subtle.decrypt(sealing(f, n), key, await get(n))), n * PIECE);
  return all.slice(0, f.size);
}

/** Why a file is not sent. */
export class Unfit extends Error {
  constructor(readonly why: 'file_large' | 'file_picture') {
    super(why);
  }
}

/**
 * Makes a chosen file ready. A picture is painted anew, so that it does not say where and
 * with what it was taken; one that this browser cannot paint is not sent. Others go as they are.
 */
export async function prepare(file: File, id: string): Promise<{ info: FileInfo; bytes: Bytes }> {
  let [blob, name]: [Blob, string] = [file, file.name];
  if (/^image\/(?!svg|gif)/.test(file.type)) [blob, name] = await repaint(file);
  if (blob.size > LARGEST) throw new Unfit('file_large');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { info: { id, key: encode(random(32)), name: plainName(name), size: bytes.length }, bytes };
}

async function repaint(file: File): Promise<[Blob, string]> {
  const image = await createImageBitmap(file).catch(() => {
    throw new Unfit('file_picture');
  });
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg'; // PNG may be see-through
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.9));
  if (!blob || blob.type !== type) throw new Unfit('file_picture');
  return [blob, file.name.replace(/\.\w+$/, '') + (type === 'image/png' ? '.png' : '.jpg')];
}

/** Hands a file over to be saved. It never opens here: its bytes have no type that a browser shows. */
export function save(f: FileInfo, bytes: Bytes): void {
  const way = document.createElement('a');
  way.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  way.download = f.name;
  way.click();
  setTimeout(() => URL.revokeObjectURL(way.href), 60_000); // the browser reads it after the press
}
