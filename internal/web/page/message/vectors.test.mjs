// The MLS working group's test vectors, as far as the library shows what they need. They
// are read from GUILDHALL_DATA or ../shared/data, and never kept here.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { bytesToBase64, decodeMlsMessage, encodeMlsMessage, getCiphersuiteImpl, joinGroup, makePskIndex, mlsExporter, processMessage } from 'ts-mls';
import { ciphersuites, getCiphersuiteFromName } from 'ts-mls';
import { defaultClientConfig } from 'ts-mls/clientConfig.js';
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js';
import { refhash } from 'ts-mls/crypto/hash.js';
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { decodeGroupContext } from 'ts-mls/groupContext.js';
import { suite as ours2 } from './suite.ts';
import { leafWidth, left, nodeWidth, parent, right, root, sibling } from 'ts-mls/treemath.js';

const dir = join(process.env.GUILDHALL_DATA ?? join(process.cwd(), '../shared/data'), 'mls');
const skip = existsSync(dir) ? false : `no vectors at ${dir}: set GUILDHALL_DATA`;
const read = (name) => JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8'));
const un = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (b) => Buffer.from(b).toString('hex');

// The one in use, and those that WebCrypto has; the others want libraries that are not used here.
const SUITES = [1, 2, 5, 7];
const names = Object.fromEntries(Object.entries(ciphersuites).map(([name, id]) => [id, name]));
const suite = (id) => (id === 2 ? ours2() : getCiphersuiteImpl(getCiphersuiteFromName(names[id])));
const ours = (name) => read(name).filter((v) => SUITES.includes(v.cipher_suite));

test('tree-math', { skip }, () => {
  for (const v of read('tree-math')) {
    const n = v.n_leaves;
    assert.equal(nodeWidth(n), v.n_nodes);
    assert.equal(leafWidth(v.n_nodes), n);
    assert.equal(root(n), v.root);
    const all = (f, want) => want.forEach((w, i) => w !== null && assert.equal(f(i), w));
    all((i) => left(i), v.left);
    all((i) => right(i), v.right);
    all((i) => parent(i, n), v.parent);
    all((i) => sibling(i, n), v.sibling);
  }
});

test('crypto-basics', { skip }, async () => {
  for (const v of ours('crypto-basics')) {
    const cs = await suite(v.cipher_suite);
    const { ref_hash: r, expand_with_label: e, derive_secret: d, derive_tree_secret: t, sign_with_label: s } = v;
    assert.equal(hex(await refhash(r.label, un(r.value), cs.hash)), r.out);
    assert.equal(hex(await expandWithLabel(un(e.secret), e.label, un(e.context), e.length, cs.kdf)), e.out);
    assert.equal(hex(await deriveSecret(un(d.secret), d.label, cs.kdf)), d.out);
    assert.equal(hex(await deriveTreeSecret(un(t.secret), t.label, t.generation, t.length, cs.kdf)), t.out);
    assert.ok(await verifyWithLabel(un(s.pub), s.label, un(s.content), un(s.signature), cs.signature));
    const again = await signWithLabel(un(s.priv), s.label, un(s.content), cs.signature);
    assert.ok(await verifyWithLabel(un(s.pub), s.label, un(s.content), again, cs.signature));
  }
});

test('key-schedule', { skip }, async () => {
  for (const v of ours('key-schedule')) {
    const cs = await suite(v.cipher_suite);
    let init = un(v.initial_init_secret);
    for (const e of v.epochs) {
      const context = decodeGroupContext(un(e.group_context), 0)[0];
      const s = await initializeEpoch(init, un(e.commit_secret), context, un(e.psk_secret), cs.kdf);
      assert.equal(hex(s.joinerSecret), e.joiner_secret);
      assert.equal(hex(s.welcomeSecret), e.welcome_secret);
      assert.equal(hex(s.encryptionSecret), e.encryption_secret);
      for (const [ours, theirs] of [['senderDataSecret', 'sender_data_secret'], ['exporterSecret', 'exporter_secret'], ['confirmationKey', 'confirmation_key'],
        ['membershipKey', 'membership_key'], ['epochAuthenticator', 'epoch_authenticator'], ['resumptionPsk', 'resumption_psk'], ['initSecret', 'init_secret']]) {
        assert.equal(hex(s.keySchedule[ours]), e[theirs], theirs);
      }
      assert.equal(hex(await mlsExporter(s.keySchedule.exporterSecret, e.exporter.label, un(e.exporter.context), e.exporter.length, cs)), e.exporter.secret);
      init = s.keySchedule.initSecret;
    }
  }
});

test('messages', { skip }, () => {
  for (const v of read('messages')) {
    for (const kind of ['mls_welcome', 'mls_group_info', 'mls_key_package', 'public_message_application', 'public_message_proposal', 'public_message_commit', 'private_message']) {
      const m = decodeMlsMessage(un(v[kind]), 0);
      assert.equal(hex(encodeMlsMessage(m[0])), v[kind], kind);
    }
  }
});

/** Somebody who only listens joins and follows every change. */
async function follow(v) {
  const cs = await suite(v.cipher_suite);
  const keyPackage = decodeMlsMessage(un(v.key_package), 0)[0].keyPackage;
  const { welcome } = decodeMlsMessage(un(v.welcome), 0)[0];
  const tree = v.ratchet_tree ? decodeRatchetTree(un(v.ratchet_tree), 0)[0] : undefined;
  const psks = Object.fromEntries(v.external_psks.map((p) => [bytesToBase64(un(p.psk_id)), un(p.psk)]));
  const privately = { hpkePrivateKey: un(v.encryption_priv), initPrivateKey: un(v.init_priv), signaturePrivateKey: un(v.signature_priv) };
  let state = await joinGroup(welcome, keyPackage, privately, makePskIndex(undefined, psks), cs, tree, undefined, defaultClientConfig);
  assert.equal(hex(state.keySchedule.epochAuthenticator), v.initial_epoch_authenticator);
  for (const e of v.epochs) {
    for (const m of [...e.proposals, e.commit]) {
      state = (await processMessage(decodeMlsMessage(un(m), 0)[0], state, makePskIndex(state, psks), () => 'accept', cs)).newState;
    }
    assert.equal(hex(state.keySchedule.epochAuthenticator), e.epoch_authenticator);
  }
}

for (const name of ['passive-client-welcome', 'passive-client-handling-commit', 'passive-client-random']) {
  test(name, { skip }, async () => {
    const list = ours(name);
    assert.ok(list.length > 0);
    for (const v of list) await follow(v);
  });
}
