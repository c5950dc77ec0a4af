// A hall that keeps the rules, in memory, and a person with a device: for the tests of Standing.
import assert from 'node:assert/strict';
import { constants, createHash, privateDecrypt } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { decode, encode, random } from '../account/bytes.ts';
import { issuerKey } from './blind.ts';
import { DAY, dayOf, epochOf, epochStart, nextBatch } from './calendar.ts';
import { rsaKey } from './keys.world.mjs';
import { BoxAway, close } from './letter.ts';
import { hallKey, openLetter, sealAnswer } from './letter.world.mjs';
import { Lettered } from './lettered.ts';
import { passMessage, receive, requestReads, requestRight, spendId } from './pass.ts';
import { Standing } from './standing.ts';
import { Away, open, STEP, Turned } from './visit.ts';

const part = (b) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(b.length);
  const all = Buffer.concat([head, b]);
  return Buffer.concat([all, Buffer.alloc((STEP - (all.length % STEP)) % STEP)]);
};

const PARTING = 8192; // bytes

/** What a page that is put away would do, in requests that are all of one length. */
export async function said(me) {
  const p = await me.parting();
  const acts = (body) => {
    assert.equal(body.length, PARTING);
    return JSON.parse(Buffer.from(body).toString().slice(87).trimEnd()).acts.map((a) => a.do);
  };
  return { quiet: acts(p.quiet), spoken: acts(p.spoken) };
}

/** The other side of docs/PASSES.md: real signatures, in memory. */
export class Hall {
  static keys = new Map(); // made once for all tests: that takes longest
  masks = new Map();
  pool = [];
  posts = [];
  waiting = [];
  spent = new Map();
  visits = []; // that came by themselves
  brought = []; // that came by letter
  speakers = []; // what the bundle says of masks
  cases = [];
  says = 'waiting'; // of a post that was sent
  lose = 0; // answers to lose
  pace = 'hourly';
  asked = []; // consultations that the bundle shows
  admits = 'yes'; // or the error
  letters = hallKey();

  constructor(now) {
    this.now = now;
  }

  issuer({ purpose, epoch }) {
    const at = `${purpose} ${epoch}`;
    if (!Hall.keys.has(at)) Hall.keys.set(at, rsaKey(2048));
    return Hall.keys.get(at);
  }

  key(slot) {
    return issuerKey(this.issuer(slot).export({ format: 'jwk' }).n, 65537, 2048);
  }

  sign(slot, request) {
    return new Uint8Array(privateDecrypt({ key: this.issuer(slot), padding: constants.RSA_NO_PADDING }, request));
  }

  async pay(body) {
    const text = Buffer.from(body).toString();
    const v = JSON.parse(text.slice(87).trimEnd());
    this.visits.push({ key: v.key, acts: v.acts.map((a) => a.do), pass: v.pass?.purpose ?? '' });
    const mask = this.masks.get(v.key);
    if (v.pass) {
      const slot = { purpose: v.pass.purpose, epoch: v.pass.epoch };
      const message = passMessage(slot, decode(v.pass.prefix), decode(v.key));
      const good = await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, (await this.key(slot)).verifier, decode(v.pass.signature), message);
      if (!good) throw new Turned('pass.refused', 'No.');
      const id = await spendId(message);
      const use = v.pass.purpose === 'read' ? `${v.key} ${dayOf(this.now())}` : v.key;
      if ((this.spent.get(id) ?? use) !== use) throw new Turned('pass.spent', 'Spent.');
      this.spent.set(id, use);
    } else if (!mask && !this.waiting.includes(v.key)) throw new Turned('mask.unknown', 'No mask.');
    const results = v.acts.map((a) => ({ do: a.do, ok: true, ...(a.id ? { id: a.id } : {}), ...this.act(a, v, mask) }));
    if (this.lose-- > 0) throw new Away();
    const bundle = v.pass?.purpose === 'right' ? Buffer.alloc(0) : gzipSync(JSON.stringify({ v: 1, space: { pace: this.pace }, tick: 1, masks: this.speakers, threads: [{ id: 't', title: 'T', posts: this.posts }], digest: [], cases: this.cases, asked: this.asked }));
    return open(new Uint8Array(Buffer.concat([part(Buffer.from(JSON.stringify({ v: 1, results }))), part(bundle)])));
  }

  act(a, v, mask) {
    if (a.do === 'take') {
      if (!this.waiting.includes(v.key)) this.waiting.push(v.key);
      return { state: 'waiting', batch: nextBatch(this.now()), waiting: this.waiting.length };
    }
    if (a.do === 'status' && !mask) return { state: 'waiting', batch: nextBatch(this.now()), waiting: this.waiting.length };
    if (a.do === 'status') return { state: mask.state, reason: mask.reason ?? '', judge: mask.judge ?? [], name: 'Velvet Compass', until: epochStart(mask.epoch + 1) + 7, renew: epochStart(mask.epoch + 1) + 3 };
    if (a.do === 'renew') {
      const asked = createHash('sha256').update(a.blinded).digest('hex') + a.epoch;
      if (mask.asked && mask.asked !== asked) return { ok: false, message: 'Another.' };
      mask.asked = asked;
      mask.state = 'renewed';
      return { signature: encode(this.sign({ purpose: 'right', epoch: a.epoch }, decode(a.blinded))) };
    }
    if (a.do === 'admit' && this.admits !== 'yes') return { ok: false, error: this.admits, message: 'No.' };
    if (a.do === 'admit') return { signature: encode(this.sign({ purpose: 'consultation', epoch: a.epoch }, decode(a.blinded))) };
    if (a.do === 'reads') return { reads: a.blinds.map((b) => encode(this.sign({ purpose: 'read', epoch: a.epoch }, decode(b)))) };
    if (a.do === 'post') {
      if (mask.state !== 'active') return { ok: false, error: 'mask.silent', message: 'This mask speaks no more.' };
      if (!this.pool.some((p) => p.id === a.id)) this.pool.push({ ...a, mask: v.key });
      return { state: this.says, from: dayOf(this.now()), to: dayOf(this.now()) + 3 };
    }
    if (a.do === 'withdraw') this.pool = this.pool.filter((p) => p.id !== a.id);
    return {};
  }

  /** Does the visit in a letter, and seals its answer. */
  async carried(letter) {
    const { visit, secret } = openLetter(this.letters, letter);
    assert.equal(JSON.parse(visit.toString().slice(87)).parting, true);
    try {
      const { results } = await this.pay(visit);
      return sealAnswer(secret, 200, JSON.stringify({ v: 1, results }));
    } catch (e) {
      if (!(e instanceof Turned)) throw e;
      return sealAnswer(secret, 403, JSON.stringify({ error: e.code, message: e.message }));
    } finally {
      this.brought.push(this.visits.pop());
    }
  }

  release() {
    this.posts.push(...this.pool.splice(0).map((p) => ({ id: p.id, mask: p.mask, day: dayOf(this.now()), html: `<p>${p.text}</p>` })));
  }

  births(least = 1) {
    if (this.waiting.length < least) return;
    for (const key of this.waiting.splice(0)) this.masks.set(key, { state: 'active', epoch: epochOf(this.now()) });
  }
}

/** A letterbox that keeps the rules, in memory. */
export class Box {
  at = 'https://letters.example';
  host = 'letters.example';
  held = new Map(); // letters and their answers, by id
  asked = []; // what a watcher beside it sees
  away = false;
  lose = 0; // answers to lose
  refuse = null;

  constructor(hall) {
    this.hall = hall;
  }

  close(visit) {
    return close(this.hall.letters.public, visit);
  }

  said(what, id) {
    if (this.away) throw new BoxAway();
    this.asked.push({ what, id });
  }

  async hand(id, letter) {
    this.said('PUT', id);
    if (this.refuse) throw this.refuse;
    const known = this.held.get(id);
    if (known) assert.deepEqual(known.letter, letter, 'the same bytes');
    else this.held.set(id, { letter, answer: null });
    if (this.lose-- > 0) throw new BoxAway();
  }

  async ask(id) {
    this.said('GET', id);
    const known = this.held.get(id);
    return known ? (known.answer ?? 'waiting') : 'unknown';
  }

  async back(id) {
    this.said('DELETE', id);
    const known = this.held.get(id);
    if (!known) return 'unknown';
    return known.answer ? 'brought' : this.held.delete(id) && 'back';
  }

  /** Brings what it has, and takes the answers back with it. */
  async deliver() {
    for (const one of this.held.values()) one.answer ??= await this.hall.carried(one.letter);
  }

  get waiting() {
    return [...this.held.values()].filter((l) => !l.answer);
  }
}

/** A person with a device: a space, a clock and rows of her own. */
export function person() {
  const clock = { t: Date.UTC(2026, 10, 24, 10), spoke: 0 }; // a Tuesday
  const hall = new Hall(() => clock.t);
  const rows = new Map();
  const root = random(32);
  const world = {
    root, space: 's-1', lang: 'en', now: () => clock.t, spoke: () => clock.spoke, draw: () => 0.5,
    rows: { get: async (k) => structuredClone(rows.get(k) ?? null), put: async (k, v) => void rows.set(k, structuredClone(v)) },
    issuer: (slot) => hall.key(slot), pay: (body) => hall.pay(body), alone: (_, work) => work(),
  };
  const me = new Standing(world);
  const serve = async (right = true) => {
    const epoch = epochOf(clock.t);
    const [r, d] = [{ purpose: 'right', space: 's-1', epoch }, { purpose: 'read', space: 's-1', epoch }];
    const [kr, kd] = await Promise.all([hall.key(r), hall.key(d)]);
    const [a, b] = await Promise.all([requestRight(root, r, 0, kr), requestReads(root, d, kd)]);
    const passes = await receive(b, kd, b.map((q) => encode(hall.sign(d, q.blinded.request))));
    const [pass] = await receive([a], kr, [encode(hall.sign(r, a.blinded.request))]);
    await me.served(right ? pass : null, { epoch, passes });
  };
  const masked = async () => {
    await serve();
    clock.t += 7 * DAY;
    await me.ask(false);
    await me.register();
    clock.t += 7 * DAY;
    hall.births();
    await me.look();
    assert.equal((await me.state()).n, 0);
    hall.visits.length = 0;
  };
  /** The same person in a hall with a letterbox, when a page is opened: each has a memory of its own. */
  const box = new Box(hall);
  const open = () => new Lettered(world, box);
  return { clock, hall, rows, me, serve, masked, world, box, open };
}
