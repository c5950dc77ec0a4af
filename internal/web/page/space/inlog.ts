// Whether an entry stands in the public log: its audit path leads to a head that
// the log has signed. Asked for without cookies, like everybody's.
import { type Bytes, concat, same, utf8 } from '../account/bytes.ts';
import { sha256 } from '../account/derive.ts';
import { Broken } from './blind.ts';
import { Away, BARE } from './visit.ts';

interface Proof {
  index: number;
  entry: string;
  proof: string[];
  checkpoint: string;
}

const ask = async (address: string): Promise<string> => {
  const r = await fetch(address, { ...BARE, mode: 'same-origin' }).catch(() => null);
  if (!r?.ok) throw new Away();
  return r.text();
};

const standard = (b64: string): Bytes => Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
const anyBase64 = (text: string): Bytes => standard(text.replaceAll('-', '+').replaceAll('_', '/'));

/** What the log says at a place. Fails with Broken when it cannot show it. */
export async function inLog(place: number): Promise<Record<string, unknown>> {
  const [key, answer] = await Promise.all([ask('/log/key'), ask(`/log/proof?index=${place}`)]);
  const p = JSON.parse(answer) as Proof;
  const head = await readHead(p.checkpoint, key.trim());
  if (p.index !== place || !(await proves(p, head))) throw new Broken('unlogged');
  return JSON.parse(p.entry) as Record<string, unknown>;
}

/** Reads a signed head (C2SP tlog-checkpoint) by a key "name+id+base64(1 ‖ Ed25519)". */
export async function readHead(checkpoint: string, key: string): Promise<{ size: number; root: Bytes }> {
  try {
    const [name, , ...rest] = key.split('+');
    const pub = standard(rest.join('+'));
    const cut = checkpoint.lastIndexOf('\n\n') + 1;
    const text = checkpoint.slice(0, cut);
    const [origin, size, root] = text.split('\n');
    const line = checkpoint.slice(cut).split('\n').find((l) => l.startsWith(`— ${name} `));
    const by = await crypto.subtle.importKey('raw', pub.slice(1), 'Ed25519', false, ['verify']);
    const good = pub[0] === 1 && origin === name && await crypto.subtle.verify('Ed25519', by, standard(line?.split(' ')[2] ?? '').slice(4), utf8(text));
    if (good) return { size: Number(size), root: standard(root ?? '') };
  } catch {
    // not written as heads are
  }
  throw new Broken('unlogged');
}

const leaf = (b: Bytes): Promise<Bytes> => sha256(concat(Uint8Array.of(0), b));
const node = (l: Bytes, r: Bytes): Promise<Bytes> => sha256(concat(Uint8Array.of(1), l, r));

/** RFC 9162, 2.1.3.2. */
export async function proves(p: Proof, head: { size: number; root: Bytes }): Promise<boolean> {
  let [at, last] = [p.index, head.size - 1];
  if (at > last) return false;
  let hash = await leaf(utf8(p.entry));
  for (const step of p.proof) {
    if (last === 0) return false;
    const other = anyBase64(step);
    if (at % 2 === 1 || at === last) {
      hash = await node(other, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = await node(hash, other);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(hash, head.root);
}
