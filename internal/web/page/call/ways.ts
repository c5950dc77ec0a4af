// By which ways a browser comes to the server of calls: each is tried by itself, with a real
// connection on which nothing is said. LiveKit's client takes what works, so this speaks to
// the server itself, and keeps from the browser whatever belongs to another way.

/** Straight by UDP or TCP, by the relay over UDP, or by the relay inside TLS. */
export type Way = 'udp' | 'tcp' | 'relay' | 'tls';

export const WAYS: readonly Way[] = ['udp', 'tcp', 'relay', 'tls'];

/** What came of one way. */
export interface Came {
  works: boolean;
  ms: number;
  why: '' | 'web' | 'shut' | 'unreached' | 'elsewhere'; // unreached: the relay answers, and does not reach the server
}

/** A server that the hall names to browsers. */
export interface Relay {
  urls: string[];
  username: string;
  credential: string;
}

const WAIT = 12_000; // ms for one way
const GRACE = 1500; // ms for which a better one is waited for

/** Whether something of the server's that can be reached belongs to a way. */
export function belongs(way: Way, candidate: string): boolean {
  const [, , protocol, , , , , kind] = candidate.replace(/^a=/, '').split(' ');
  const by = protocol?.toLowerCase();
  return kind !== 'relay' && by === (way === 'tcp' ? 'tcp' : 'udp'); // a relay hands on by UDP, however it is come to
}

/** A description of the server without what belongs to other ways. */
export const sifted = (sdp: string, way: Way): string =>
  sdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:') || belongs(way, line)).join('\r\n');

/** The relays of a way; none, if it goes straight. */
export function relays(way: Way, all: Relay[]): Relay[] {
  if (way === 'udp' || way === 'tcp') return [];
  const fits = (url: string): boolean => (way === 'tls' ? url.startsWith('turns:') : url.startsWith('turn:') && !url.includes('transport=tcp'));
  return all.map((r) => ({ ...r, urls: r.urls.filter(fits) })).filter((r) => r.urls.length);
}

interface Stat {
  type: string;
  state?: string;
  nominated?: boolean;
  selectedCandidatePairId?: string;
  localCandidateId?: string;
  candidateType?: string;
  protocol?: string;
  relayProtocol?: string;
}

/** The way that a connection has taken, as the browser counts it; '' if none. */
export function taken(stats: ReadonlyMap<string, Stat>): Way | '' {
  const all = [...stats.values()];
  const chosen = stats.get(all.find((s) => s.type === 'transport' && s.selectedCandidatePairId)?.selectedCandidatePairId ?? '');
  const pair = chosen ?? all.find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
  const from = stats.get(pair?.localCandidateId ?? '');
  if (from?.candidateType === 'relay') return from.relayProtocol === 'tls' ? 'tls' : from.relayProtocol === 'tcp' ? '' : 'relay';
  return from?.protocol === 'udp' || from?.protocol === 'tcp' ? from.protocol : '';
}

/** The fields of a message of the server's that hold bytes, by number (Protocol Buffers). */
function fields(b: Uint8Array): [number, Uint8Array][] {
  const out: [number, Uint8Array][] = [];
  let at = 0;
  const number = (): number => {
    let n = 0;
    for (let by = 1; ; by *= 128) {
      const x = b[at++];
      if (x === undefined) throw new RangeError('cut off');
      n += (x & 127) * by;
      if (x < 128) return n;
    }
  };
  while (at < b.length) {
    const key = number();
    const kind = key & 7;
    if (kind === 0) number();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const n = number();
      if (at + n > b.length) throw new RangeError('cut off');
      out.push([key >> 3, b.subarray(at, at + n)]);
      at += n;
    } else throw new RangeError('not known');
  }
  return out;
}

const [JOINED, SERVERS] = [1, 5]; // in what the server says first

/** The relays that the server names when one joins; null when it says something else. */
export function named(first: Uint8Array): Relay[] | null {
  const joined = fields(first).find(([n]) => n === JOINED)?.[1];
  if (!joined) return null;
  const text = (b: Uint8Array | undefined): string => new TextDecoder().decode(b);
  return fields(joined).filter(([n]) => n === SERVERS).map(([, b]) => {
    const f = fields(b);
    return { urls: f.filter(([n]) => n === 1).map(([, u]) => text(u)), username: text(f.find(([n]) => n === 2)?.[1]), credential: text(f.find(([n]) => n === 3)?.[1]) };
  });
}

interface Said {
  answer?: { type: 'answer'; sdp: string };
  trickle?: { candidateInit: string; target?: string };
}

/** The line to the server by which both find out how to come together. */
export class Wire {
  said: (s: Said) => void = () => undefined;

  private constructor(private readonly socket: WebSocket, readonly relays: Relay[]) {
    socket.onmessage = (e) => {
      if (typeof e.data === 'string') this.said(JSON.parse(e.data) as Said); // what was not asked for comes in another form
    };
  }

  /** Opens one; null when it cannot be. */
  static open(address: string, ticket: string): Promise<Wire | null> {
    const near = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/media`;
    const socket = new WebSocket(`${address || near}/rtc?access_token=${encodeURIComponent(ticket)}&protocol=15&auto_subscribe=0`);
    socket.binaryType = 'arraybuffer';
    return new Promise((done) => {
      const over = (): void => {
        clearTimeout(timer);
        socket.close();
        done(null);
      };
      const timer = setTimeout(over, WAIT);
      socket.onerror = socket.onclose = over;
      socket.onmessage = (e) => {
        const found = e.data instanceof ArrayBuffer ? named(new Uint8Array(e.data)) : null;
        if (!found) return;
        clearTimeout(timer);
        socket.onerror = socket.onclose = null;
        done(new Wire(socket, found));
      };
    });
  }

  say(what: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(what));
  }

  close(): void {
    this.say({ leave: {} });
    this.socket.close();
  }
}

/** Tries one way, on a line of its own. The server is told nothing of this browser but what it sees itself. */
export async function tried(way: Way, address: string, ticket: string): Promise<Came> {
  const from = performance.now();
  const line = await Wire.open(address, ticket);
  const ms = (): number => performance.now() - from;
  if (!line) return { works: false, ms: ms(), why: 'web' };
  const by = way === 'relay' || way === 'tls';
  const through = relays(way, line.relays);
  if (by && !through.length) {
    line.close();
    return { works: false, ms: ms(), why: 'shut' };
  }
  const pc = new RTCPeerConnection({ iceServers: through, iceTransportPolicy: by ? 'relay' : 'all' });
  try {
    let relayed = false;
    pc.addEventListener('icecandidate', (e) => {
      relayed ||= !!e.candidate?.candidate.includes(' typ relay');
    });
    const opened = comes(pc, () => by && !relayed);
    await meet(pc, line, way);
    if (!(await opened)) return { works: false, ms: ms(), why: by && relayed ? 'unreached' : 'shut' };
    const after = ms();
    const stats = new Map<string, Stat>();
    (await pc.getStats()).forEach((s: Stat & { id: string }) => stats.set(s.id, s));
    const took = taken(stats);
    return { works: took === way, ms: after, why: took === way ? '' : 'elsewhere' };
  } finally {
    pc.close();
    line.close();
  }
}

/** The best way that works, of which those that go straight come first; '' if none does. */
export async function best(address: string, tickets: readonly string[]): Promise<Way | ''> {
  for (const some of [['udp', 'tcp'], ['relay', 'tls']] as const) {
    const came = some.map((way) => tried(way, address, tickets[WAYS.indexOf(way)] ?? '').catch(() => null));
    const first = await Promise.any(came.map(async (c, i) => ((await c)?.works ? i : Promise.reject(new Error('shut'))))).catch(() => null);
    if (first === null) continue;
    const better = await Promise.race([came[0], new Promise<null>((r) => setTimeout(r, GRACE, null))]);
    return some[better?.works ? 0 : first] ?? '';
  }
  return '';
}

/** Whether a connection comes about; the silent channel on it is open then. */
function comes(pc: RTCPeerConnection, none: () => boolean): Promise<boolean> {
  const channel = pc.createDataChannel('_reliable');
  return new Promise((done) => {
    const over = (yes: boolean) => (): void => {
      clearTimeout(timer);
      done(yes);
    };
    const timer = setTimeout(over(false), WAIT);
    channel.onopen = over(true);
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === 'failed') over(false)();
    };
    pc.onicegatheringstatechange = () => {
      if (pc.iceGatheringState === 'complete' && none()) over(false)(); // no relay has answered
    };
  });
}

async function meet(pc: RTCPeerConnection, line: Wire, way: Way): Promise<void> {
  const early: RTCIceCandidateInit[] = [];
  const take = (c: RTCIceCandidateInit): void => void pc.addIceCandidate(c).catch(() => undefined);
  line.said = (s) => {
    if (s.answer) void pc.setRemoteDescription({ type: 'answer', sdp: sifted(s.answer.sdp, way) }).then(() => early.splice(0).forEach(take), () => undefined);
    if (!s.trickle || (s.trickle.target ?? 'PUBLISHER') !== 'PUBLISHER') return;
    const c = JSON.parse(s.trickle.candidateInit) as RTCIceCandidateInit;
    if (!c.candidate || !belongs(way, c.candidate)) return;
    if (pc.remoteDescription) take(c);
    else early.push(c);
  };
  const offer = await pc.createOffer();
  await pc.setLocalDescription(offer);
  line.say({ offer: { type: 'offer', sdp: offer.sdp } });
}
