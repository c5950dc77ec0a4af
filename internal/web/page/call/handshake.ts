// What passes between a guest and whoever she calls by a link, sealed by HPKE (RFC 9180;
// DHKEM P-256, HKDF SHA-256, AES-128-GCM). docs/decisions/0100 says why so.
//
//   link      the fingerprint of the called's public key for this link stands in its fragment
//   asked     guest to called, sealed for that key: a secret, a fresh public key of the
//             guest's, and the hash of a number
//   answered  called to guest, sealed for the fresh key: a secret
//   number    guest to called, in the clear, once the answer is there
//
// The key of the call is made of both secrets. The digits are made of all of it: whoever
// stands between would have to choose each half before knowing the other.
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { type Bytes, concat, decode, encode, random, same, utf8 } from '../account/bytes.ts';
import { sha256 } from '../account/derive.ts';

/** How things are sealed here. */
export const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });

/** Bytes of a public key. */
export const POINT = 65;
const SECRET = 32;
const FINGERPRINT = 16;

/** What seals a call, and what both compare. */
export interface Sealing {
  key: Bytes;
  digits: string;
}

const said = (label: string, ...words: string[]): Bytes => utf8([`guildhall/calls/${label}/1`, ...words].join('\0'));

/** The fingerprint of a public key, as it stands in a link. */
export async function fingerprint(key: Bytes): Promise<string> {
  return encode((await sha256(concat(said('link', ''), key))).slice(0, FINGERPRINT));
}

/** Seals for a public key; with a sender's pair, so that nobody else can have sealed it. */
export async function sealFor(key: Bytes, info: Bytes, plain: Bytes, senderKey?: CryptoKeyPair): Promise<Bytes> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(key.slice().buffer);
  const { ct, enc } = await suite.seal({ recipientPublicKey, info, ...(senderKey ? { senderKey } : {}) }, plain.slice().buffer);
  return concat(new Uint8Array(enc), new Uint8Array(ct));
}

/** Opens what was sealed so; null when it was for another key, or by another. */
export async function openWith(pair: CryptoKeyPair, info: Bytes, box: Bytes, sender?: Bytes): Promise<Bytes | null> {
  try {
    const enc = box.slice(0, POINT).buffer;
    const by = sender ? { senderPublicKey: await suite.kem.deserializePublicKey(sender.slice().buffer) } : {};
    return new Uint8Array(await suite.open({ recipientKey: pair, enc, info, ...by }, box.slice(POINT).buffer));
  } catch {
    return null;
  }
}

/** The key of a call, of both secrets and all that was sent. */
async function mixed(mine: Bytes, theirs: Bytes, asked: Bytes, answered: Bytes): Promise<Bytes> {
  const from = await crypto.subtle.importKey('raw', concat(mine, theirs), 'HKDF', false, ['deriveBits']);
  const salt = await sha256(concat(await sha256(asked), await sha256(answered)));
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: said('key') }, from, 256));
}

/** Six digits, of everything and the number that was bound before. */
async function digits(link: Bytes, asked: Bytes, answered: Bytes, key: Bytes, number: Bytes): Promise<string> {
  const h = await sha256(concat(said('digits', ''), link, await sha256(asked), await sha256(answered), key, number));
  const n = new DataView(h.buffer).getBigUint64(0) % 1_000_000n;
  const text = String(n).padStart(6, '0');
  return `${text.slice(0, 3)} ${text.slice(3)}`;
}

/** The guest's side of one call. */
export class Asking {
  private constructor(private readonly link: Bytes, private readonly pair: CryptoKeyPair, private readonly secret: Bytes, private readonly number: Bytes, private readonly box: Bytes) {}

  /** Begins; null when the key is not the one of the link. */
  static async begin(key: string, print: string, id: string): Promise<Asking | null> {
    const link = decode(key);
    if (!link || link.length !== POINT || (await fingerprint(link)) !== print) return null;
    const pair = await suite.kem.generateKeyPair();
    const fresh = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey));
    const [secret, number] = [random(SECRET), random(SECRET)];
    const box = await sealFor(link, said('ask', id), concat(secret, await sha256(number), fresh));
    return new Asking(link, pair, secret, number, box);
  }

  /** What goes to the devices of the called. */
  get asked(): string {
    return encode(this.box);
  }

  /** Takes the answer; null when it is none. Only now the number may be told. */
  async finish(call: string, answered: string): Promise<(Sealing & { number: string }) | null> {
    const box = decode(answered);
    const theirs = box && (await openWith(this.pair, said('answer', call), box));
    if (!box || theirs?.length !== SECRET) return null;
    const key = await mixed(this.secret, theirs, this.box, box);
    return { key, digits: await digits(this.link, this.box, box, key, this.number), number: encode(this.number) };
  }
}

/** The side of the called: opens what a guest has asked, and answers. */
export class Answering {
  private constructor(private readonly link: Bytes, private readonly bound: Bytes, private readonly asked: Bytes, private readonly box: Bytes, readonly key: Bytes) {}

  /** Null when it was sealed for another key. */
  static async begin(pair: CryptoKeyPair, link: Bytes, id: string, call: string, text: string): Promise<Answering | null> {
    const asked = decode(text);
    const plain = asked && (await openWith(pair, said('ask', id), asked));
    if (!asked || plain?.length !== 2 * SECRET + POINT) return null;
    const mine = random(SECRET);
    const box = await sealFor(plain.slice(2 * SECRET), said('answer', call), mine);
    return new Answering(link, plain.slice(SECRET, 2 * SECRET), asked, box, await mixed(plain.slice(0, SECRET), mine, asked, box));
  }

  /** What goes to the guest. */
  get answered(): string {
    return encode(this.box);
  }

  /** The digits, once the guest's number is told; null when it is not the one she was bound to. */
  async digits(number: string): Promise<string | null> {
    const n = decode(number);
    if (!n || !same(await sha256(n), this.bound)) return null;
    return digits(this.link, this.asked, this.box, this.key, n);
  }
}
