import assert from 'node:assert/strict';
import test from 'node:test';
import { belongs, named, relays, sifted, taken } from './ways.ts';

const UDP = 'candidate:1 1 udp 2130706431 192.0.2.1 7882 typ host';
const TCP = 'candidate:2 1 tcp 1671430143 192.0.2.1 7881 typ host tcptype passive';
const RELAY = 'candidate:3 1 udp 41885439 192.0.2.1 30001 typ relay raddr 0.0.0.0 rport 0';

test('what the server can be reached by belongs to one way, and what a relay of its own has to none', () => {
  for (const [way, want] of Object.entries({ udp: [true, false], tcp: [false, true], relay: [true, false], tls: [true, false] })) {
    assert.deepEqual([belongs(way, UDP), belongs(way, TCP)], want, way);
    assert.deepEqual([belongs(way, `a=${UDP}`), belongs(way, UDP.replace('udp', 'UDP'))], [want[0], want[0]], way);
    for (const other of [RELAY, '', 'candidate:']) assert.equal(belongs(way, other), false, `${way}: ${other}`);
  }
});

test('a description keeps what is no candidate, and of candidates those of its way', () => {
  const sdp = ['v=0', `a=${UDP}`, `a=${TCP}`, 'a=end-of-candidates', 'a=ice-ufrag:x', ''].join('\r\n');
  assert.equal(sifted(sdp, 'udp'), ['v=0', `a=${UDP}`, 'a=end-of-candidates', 'a=ice-ufrag:x', ''].join('\r\n'));
  assert.equal(sifted(sdp, 'tcp'), ['v=0', `a=${TCP}`, 'a=end-of-candidates', 'a=ice-ufrag:x', ''].join('\r\n'));
});

test('a way that goes straight asks no relay, and the others their own alone', () => {
  const all = [{ urls: ['turn:192.0.2.1:3478?transport=udp', 'turns:hall.example:443?transport=tcp'], username: 'u', credential: 'c' }, { urls: ['stun:192.0.2.1:3478'], username: '', credential: '' }];
  assert.deepEqual([relays('udp', all), relays('tcp', all)], [[], []]);
  assert.deepEqual(relays('relay', all), [{ ...all[0], urls: ['turn:192.0.2.1:3478?transport=udp'] }]);
  assert.deepEqual(relays('tls', all), [{ ...all[0], urls: ['turns:hall.example:443?transport=tcp'] }]);
  assert.deepEqual(relays('tls', [all[1]]), []);
});

test('the way that was taken is read from what the browser counts', () => {
  const of = (from, chosen = true) => taken(new Map(Object.entries({
    t: { type: 'transport', ...(chosen ? { selectedCandidatePairId: 'p' } : {}) },
    old: { type: 'candidate-pair', state: 'failed', nominated: false, localCandidateId: 'none' },
    p: { type: 'candidate-pair', state: 'succeeded', nominated: true, localCandidateId: 'l' },
    l: { type: 'local-candidate', ...from },
  })));
  for (const chosen of [true, false]) {
    assert.equal(of({ candidateType: 'host', protocol: 'udp' }, chosen), 'udp');
    assert.equal(of({ candidateType: 'prflx', protocol: 'tcp' }, chosen), 'tcp');
    assert.equal(of({ candidateType: 'relay', protocol: 'udp', relayProtocol: 'udp' }, chosen), 'relay');
    assert.equal(of({ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' }, chosen), 'tls');
    assert.equal(of({ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tcp' }, chosen), '');
  }
  assert.equal(taken(new Map()), '');
});

const bytes = (n, body) => [n * 8 + 2, ...(body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]), ...body];
const text = (n, t) => bytes(n, [...new TextEncoder().encode(t)]);

test('the relays are read from what the server says first, and of anything else nothing', () => {
  const url = `turn:192.0.2.1:3478?transport=udp${' '.repeat(120)}`; // longer than one byte counts
  const server = [...text(1, url), ...text(1, 'turns:hall.example:443'), ...text(2, 'u'), ...text(3, 'c')];
  const join = bytes(1, [...bytes(1, []), 48, 1, 13, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, ...bytes(5, server), ...bytes(5, text(1, 'stun:192.0.2.1'))]);
  assert.deepEqual(named(new Uint8Array(join)), [{ urls: [url, 'turns:hall.example:443'], username: 'u', credential: 'c' }, { urls: ['stun:192.0.2.1'], username: '', credential: '' }]);
  assert.equal(named(new Uint8Array(bytes(3, server))), null);
  assert.throws(() => named(new Uint8Array(join.slice(0, 40))), RangeError);
  assert.throws(() => named(new Uint8Array([15])), RangeError);
});
