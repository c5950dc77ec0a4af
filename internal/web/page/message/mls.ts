// What conversations need of MLS (RFC 9420); this file and suite.ts alone know the library.
// States and keys go in and out as bytes, so that they can be kept.
import {
  type ClientConfig, type ClientState, createApplicationMessage, createCommit, createGroup, decodeGroupState,
  decodeMlsMessage, defaultKeyPackageEqualityConfig, defaultLifetime, emptyPskIndex, encodeGroupState, encodeMlsMessage, generateKeyPackageWithKey,
  joinGroup, type KeyPackage, type LeafNode, mlsExporter, type PrivateKeyPackage, processPrivateMessage,
  type Proposal,
} from 'ts-mls';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { type Bytes, concat, same, utf8 } from '../account/bytes.ts';
import { suite as cs, SUITE } from './suite.ts';

/** Whose device a leaf is, as its owner has signed it. */
export interface Who {
  face: string;
  leaf: string;
  identity: Bytes;
  proof: Bytes; // signature under identity over face, leaf and the leaf's own key
}

/** Says whether a device is that of whom it names; asked of every device that comes in. */
export type Trust = (who: Who, key: Uint8Array) => Promise<boolean>;

/** The keys of this device. */
export interface Own {
  who: Who;
  signKey: Bytes;
  publicKey: Bytes;
}

/** A key package, as the hall gives it out, and what opens it. */
export interface Package {
  body: Bytes;
  init: Bytes;
  hpke: Bytes;
}

const STEP = 256;
const AROUND = 84; // bytes that a text has around it before it is sealed: lengths and a signature
const FAR = 4000; // texts that may be missing between two: whoever was blocked has sent some

const own = (b: Uint8Array): Bytes => new Uint8Array(b);

function config(trust: Trust, padUntilLength: number): ClientConfig {
  return {
    keyRetentionConfig: { retainKeysForGenerations: 64, retainKeysForEpochs: 8, maximumForwardRatchetSteps: FAR },
    lifetimeConfig: { maximumTotalLifetime: 2628000n, validateLifetimeOnReceive: false },
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    paddingConfig: { kind: 'padUntilLength', padUntilLength },
    authService: {
      async validateCredential(c, key) {
        const who = c.credentialType === 'basic' && 'identity' in c ? readWho(c.identity) : null;
        return !!who && trust(who, key);
      },
    },
  };
}

/** who in bytes: face, leaf, identity and proof, each after its length. */
export function writeWho(w: Who): Bytes {
  return concat(...[utf8(w.face), utf8(w.leaf), w.identity, w.proof].flatMap((b) => [Uint8Array.of(b.length), b]));
}

function readWho(b: Uint8Array): Who | null {
  const parts: Bytes[] = [];
  for (let at = 0; at < b.length; at += 1 + (b[at] ?? 0)) parts.push(own(b.slice(at + 1, at + 1 + (b[at] ?? 0))));
  const [face, leaf, identity, proof] = parts;
  if (!face || !leaf || !identity || !proof || parts.length !== 4) return null;
  const text = new TextDecoder();
  const who = { face: text.decode(face), leaf: text.decode(leaf), identity, proof };
  return same(writeWho(who), b) ? who : null;
}

/** A new pair of keys for a device. */
export async function deviceKeys(): Promise<{ signKey: Bytes; publicKey: Bytes }> {
  const k = await (await cs()).signature.keygen();
  return { signKey: own(k.signKey), publicKey: own(k.publicKey) };
}

/** Key packages of a device. */
export async function packages(o: Own, n: number): Promise<Package[]> {
  const capabilities = { versions: ['mls10' as const], ciphersuites: [SUITE as typeof SUITE], extensions: [], proposals: [], credentials: ['basic' as const] };
  const pair = { signKey: o.signKey, publicKey: o.publicKey };
  const list: Package[] = [];
  for (let i = 0; i < n; i++) {
    const p = await generateKeyPackageWithKey({ credentialType: 'basic', identity: writeWho(o.who) }, capabilities, defaultLifetime, [], pair, await cs());
    const body = own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: p.publicPackage }));
    list.push({ body, init: own(p.privatePackage.initPrivateKey), hpke: own(p.privatePackage.hpkePrivateKey) });
  }
  return list;
}

function decoded(b: Bytes): NonNullable<ReturnType<typeof decodeMlsMessage>>[0] {
  const m = decodeMlsMessage(b, 0);
  if (!m || m[1] !== b.length) throw new Error('mls: bytes');
  return m[0];
}

function keyPackage(b: Bytes): KeyPackage {
  const m = decoded(b);
  if (m.wireformat !== 'mls_key_package') throw new Error('mls: no key package');
  return m.keyPackage;
}

const privately = (p: Package, signKey: Bytes): PrivateKeyPackage => ({ initPrivateKey: p.init, hpkePrivateKey: p.hpke, signaturePrivateKey: signKey });

/** A conversation at one moment; every deed gives the next one. */
export class Conversation {
  private constructor(private readonly state: ClientState, private readonly trust: Trust) {}

  /** Begins one in which this device is alone. */
  static async begin(id: string, o: Own, trust: Trust): Promise<Conversation> {
    const [p] = await packages(o, 1);
    if (!p) throw new Error('mls: no package');
    const s = await createGroup(utf8(id), keyPackage(p.body), privately(p, o.signKey), [], await cs(), config(trust, STEP));
    return new Conversation(s, trust);
  }

  /** Comes into one by a welcome; null when none of the packages is meant. */
  static async join(welcome: Bytes, mine: Package[], o: Own, trust: Trust): Promise<{ talk: Conversation; used: Package } | null> {
    const m = decoded(welcome);
    if (m.wireformat !== 'mls_welcome') throw new Error('mls: no welcome');
    for (const used of mine) {
      const kp = keyPackage(used.body);
      const ref = await makeKeyPackageRef(kp, (await cs()).hash);
      if (!m.welcome.secrets.some((s) => same(s.newMember, ref))) continue;
      const s = await joinGroup(m.welcome, kp, privately(used, o.signKey), emptyPskIndex, await cs(), undefined, undefined, config(trust, STEP));
      return { talk: new Conversation(s, trust), used };
    }
    return null;
  }

  /** Brings one back that was kept. */
  static open(kept: Bytes, trust: Trust): Conversation {
    const s = decodeGroupState(kept, 0);
    if (!s) throw new Error('mls: state');
    return new Conversation({ ...s[0], clientConfig: config(trust, STEP) }, trust);
  }

  keep(): Bytes {
    return own(encodeGroupState(this.state));
  }

  get id(): string {
    return new TextDecoder().decode(this.state.groupContext.groupId);
  }

  get epoch(): number {
    return Number(this.state.groupContext.epoch);
  }

  /** Whether this device was taken out. */
  get out(): boolean {
    return this.state.groupActiveState.kind === 'removedFromGroup';
  }

  get members(): Who[] {
    return this.state.ratchetTree.flatMap((n) => (n?.nodeType === 'leaf' ? [whoOf(n.leaf)] : []));
  }

  /** Adds devices and takes others out. */
  async change(add: Bytes[], remove: string[]): Promise<{ talk: Conversation; commit: Bytes; welcome: Bytes | null }> {
    const extraProposals: Proposal[] = add.map((b) => ({ proposalType: 'add', add: { keyPackage: keyPackage(b) } }));
    this.state.ratchetTree.forEach((n, i) => {
      if (n?.nodeType === 'leaf' && remove.includes(whoOf(n.leaf).leaf)) extraProposals.push({ proposalType: 'remove', remove: { removed: i / 2 } });
    });
    const state = { ...this.state, clientConfig: config(this.trust, 4 * STEP) };
    const r = await createCommit({ state, cipherSuite: await cs() }, { extraProposals, ratchetTreeExtension: true });
    const welcome = r.welcome && own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: r.welcome }));
    return { talk: new Conversation(r.newState, this.trust), commit: own(encodeMlsMessage(r.commit)), welcome: welcome ?? null };
  }

  /** Seals a text, in steps of 256 bytes. */
  async write(text: Bytes): Promise<{ talk: Conversation; sealed: Bytes }> {
    const state = { ...this.state, clientConfig: config(this.trust, Math.ceil((text.length + AROUND) / STEP) * STEP) };
    const r = await createApplicationMessage(state, text, await cs());
    const sealed = own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage: r.privateMessage }));
    return { talk: new Conversation(r.newState, this.trust), sealed };
  }

  /** Opens what another device has sent: a text, or a change, which is taken only when every device it brings is allowed. */
  async read(sealed: Bytes, allowed: (w: Who) => boolean): Promise<{ talk: Conversation; from: Who; text: Bytes | null }> {
    const m = decoded(sealed);
    if (m.wireformat !== 'mls_private_message') throw new Error('mls: not sealed');
    const pm = m.privateMessage;
    const then = pm.epoch === this.state.groupContext.epoch
      ? { secret: this.state.keySchedule.senderDataSecret, tree: this.state.ratchetTree }
      : this.former(pm.epoch);
    const sender = await decryptSenderData(pm, then.secret, await cs());
    const node = sender && then.tree[sender.leafIndex * 2];
    if (node?.nodeType !== 'leaf') throw new Error('mls: sender');
    let refused = false;
    const r = await processPrivateMessage(this.state, pm, emptyPskIndex, await cs(), (what) => {
      const proposals = what.kind === 'commit' ? what.proposals : [what.proposal];
      refused = what.kind !== 'commit' || proposals.some(({ proposal: p }) => {
        if (p.proposalType === 'add') return !allowed(whoOf(p.add.keyPackage.leafNode));
        return p.proposalType !== 'remove' && p.proposalType !== 'update';
      });
      return refused ? 'reject' : 'accept';
    });
    if (refused) throw new Error('mls: refused');
    const talk = new Conversation(r.newState, this.trust);
    return { talk, from: whoOf(node.leaf), text: r.kind === 'applicationMessage' ? own(r.message) : null };
  }

  private former(epoch: bigint): { secret: Uint8Array; tree: ClientState['ratchetTree'] } {
    const d = this.state.historicalReceiverData.get(epoch);
    if (!d) throw new Error('mls: epoch');
    return { secret: d.senderDataSecret, tree: d.ratchetTree };
  }

  /** What both sides see alike when nobody stands between them. */
  async safety(): Promise<Bytes> {
    return own(await mlsExporter(this.state.keySchedule.exporterSecret, 'guildhall safety number', utf8(this.id), 32, await cs()));
  }
}

function whoOf(l: LeafNode): Who {
  const who = l.credential.credentialType === 'basic' && 'identity' in l.credential ? readWho(l.credential.identity) : null;
  if (!who) throw new Error('mls: credential');
  return who;
}
