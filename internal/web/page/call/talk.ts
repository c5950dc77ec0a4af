// What is said and seen, by LiveKit's client; this file alone knows it. Everything is sealed
// in this browser under the key of the call before it leaves.
import { ConnectionQuality, ConnectionState, type LocalTrackPublication, LogLevel, type Participant, type RemoteTrackPublication, Room, RoomEvent, setLogLevel, Track } from 'livekit-client';
import { type Bytes, random } from '../account/bytes.ts';
import type { Keys, Wire, Words } from './keys.ts';
import { Line } from './line.ts';
import { KeyRing } from './provider.ts';

setLogLevel(LogLevel.silent); // it would write addresses to the console

/** What the page is told. */
export interface Heard {
  came(element: HTMLMediaElement, seat: string, screen: boolean): void; // '': one's own
  went(element: HTMLMediaElement): void;
  others(seats: string[]): void;
  speak(seats: string[]): void; // these do now, by the word of the server

  sealed(yes: boolean): void;
  quality(words: string): void;
  levels(own: number, their: number): void;
  said(words: Words, seat: string): void;
  blocked(yes: boolean): void;
  unshared(): void; // she has ended that
  dark(): void; // her camera gives no picture, and is off again
  cut(): void; // the line to the server is lost for good: with a new ticket it can be tried again
}

const LOOK = 200; // ms between two looks at levels
const FIRST_PICTURE = 2000; // ms that a camera may take
const REST = 1500; // ms for which one that gives nothing is let go
const TAKES = 5; // times that it is taken again
const ALONE = 4000; // ms after which nobody is taken for a mistake of the line

export class Talk implements Wire {
  private readonly room: Room;
  private readonly ring = new KeyRing();
  private left = false;
  private wished = false; // the camera
  private turn = 0; // of looking after it
  private met = false; // somebody else was there
  private deaf = false; // joined without the key of the call
  private timer = 0;
  private readonly line = new Line({ came: () => this.came(), retake: () => this.retake() });
  private readonly shown = new Map<Track, HTMLMediaElement>();

  constructor(private readonly heard: Heard, sealer: string, private readonly keys: Keys) {
    const worker = new Worker(sealer, { type: 'module' });
    // e2ee, not encryption: frames of the data channel are sealed by keys.ts, and a newcomer without a key must be able to ask.
    this.room = new Room({ adaptiveStream: true, dynacast: true, e2ee: { keyProvider: this.ring, worker } });
    this.listen();
  }

  /** Joins. Nothing goes out before the key is set; deaf, nothing is taken before another one is. */
  async join(address: string, ticket: string, deaf = false): Promise<void> {
    await this.ring.put(0, random(32), true); // nobody's, where there is none yet
    await this.keys.on(this);
    await this.room.setE2EEEnabled(true);
    const near = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/media`;
    this.deaf = deaf;
    await this.room.connect(address || near, ticket, { autoSubscribe: !deaf });
    this.count();
    this.line.watch();
    void this.keys.met();
    if (this.keys.held) void this.keys.lack(); // there may be another since this page was last here
    this.timer ||= window.setInterval(() => {
      const others = [...this.room.remoteParticipants.values()];
      this.heard.levels(this.room.localParticipant.audioLevel, Math.max(0, ...others.map((p) => p.audioLevel)));
    }, LOOK);
  }

  put(n: number, key: Bytes, now: boolean): Promise<void> {
    return this.ring.put(n, key, now);
  }

  async send(frame: Bytes, to?: string[]): Promise<void> {
    if (this.room.state !== ConnectionState.Connected) return; // it is said again when the line is there
    await this.room.localParticipant.publishData(frame, { reliable: true, ...(to ? { destinationIdentities: to } : {}) });
  }

  /** The key of the call is there: takes what comes under it. */
  hear(): void {
    this.deaf = false;
    for (const p of this.room.remoteParticipants.values()) for (const t of p.trackPublications.values()) (t as RemoteTrackPublication).setSubscribed(true);
  }

  /** How what is said goes: straight, by TCP, or by the relay; '' when nothing does yet. */
  async way(): Promise<'' | 'direct' | 'tcp' | 'relay'> {
    for (const p of this.room.localParticipant.trackPublications.values()) {
      const stats = new Map<string, { type: string; state?: string; nominated?: boolean; localCandidateId?: string; candidateType?: string; protocol?: string }>();
      (await p.track?.getRTCStatsReport())?.forEach((s: { id: string; type: string }) => stats.set(s.id, s));
      const pair = [...stats.values()].find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
      const from = pair && stats.get(pair.localCandidateId ?? '');
      if (from) return from.candidateType === 'relay' ? 'relay' : from.protocol === 'tcp' ? 'tcp' : 'direct';
    }
    return '';
  }

  private listen(): void {
    const { room, heard } = this;
    room
      .on(RoomEvent.TrackPublished, (p: RemoteTrackPublication) => {
        if (!this.deaf) p.setSubscribed(true);
      })
      .on(RoomEvent.TrackSubscribed, () => this.look())
      .on(RoomEvent.TrackUnsubscribed, () => this.look())
      .on(RoomEvent.TrackUnpublished, () => this.look()) // a screen that is shared no more: until then it counts as there
      .on(RoomEvent.TrackMuted, () => this.look())
      .on(RoomEvent.TrackUnmuted, () => this.look())
      .on(RoomEvent.LocalTrackPublished, () => this.look())
      .on(RoomEvent.LocalTrackUnpublished, (p: LocalTrackPublication) => {
        this.look();
        if (p.source === Track.Source.ScreenShare && room.state === ConnectionState.Connected) heard.unshared(); // a browser has a button of its own for that
      })
      .on(RoomEvent.ParticipantConnected, () => {
        this.count();
        void this.keys.met();
      })
      .on(RoomEvent.ActiveSpeakersChanged, (list: Participant[]) => heard.speak(list.map((p) => (p.isLocal ? '' : p.identity))))
      .on(RoomEvent.ParticipantDisconnected, () => this.count())
      .on(RoomEvent.Reconnected, () => {
        this.count();
        this.look(); // what ended with the old line was not told one by one
        if (this.wished) void this.films(); // the camera was taken anew
        setTimeout(() => void this.found(), ALONE);
      })
      .on(RoomEvent.ParticipantEncryptionStatusChanged, (yes: boolean, p?: Participant) => {
        if (p && !p.isLocal) heard.sealed(yes);
      })
      .on(RoomEvent.EncryptionError, () => {
        heard.sealed(false);
        void this.keys.lack();
      })
      .on(RoomEvent.ConnectionQualityChanged, (q: ConnectionQuality, p: Participant) => {
        if (p.isLocal && q !== ConnectionQuality.Unknown) heard.quality(q);
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => heard.blocked(!room.canPlaybackAudio))
      .on(RoomEvent.DataReceived, (b: Uint8Array, p?: Participant) => {
        if (p) void this.keys.heard(b, p.identity).then((words) => words && heard.said(words, p.identity));
      })
      .on(RoomEvent.Disconnected, () => {
        this.line.end();
        if (!this.left) heard.cut();
      });
  }

  /**
   * Takes the line for lost when nobody is there after it was taken up: the client forgets the other when it hears that
   * an older line of hers has ended, even if that comes after word of the new one.
   */
  private async found(): Promise<void> {
    if (this.met && !this.left && this.room.state === ConnectionState.Connected && !this.room.remoteParticipants.size) await this.room.disconnect();
  }

  /** Shows what is carried now, and nothing else: no last picture of a camera that rests. */
  private look(): void {
    const { localParticipant: me, remoteParticipants: others } = this.room;
    const now = new Map<Track, string>(); // whose it is
    for (const p of others.values()) {
      for (const t of p.trackPublications.values()) {
        if (t.track && t.isEncrypted && !(t.isMuted && t.kind === Track.Kind.Video)) now.set(t.track, p.identity); // else it is not hers: whoever runs the server can send such
      }
    }
    for (const p of me.videoTrackPublications.values()) if (p.track && !p.isMuted) now.set(p.track, '');
    for (const [t, e] of this.shown) {
      if (now.has(t)) continue;
      t.detach(e);
      this.heard.went(e);
      this.shown.delete(t);
    }
    for (const [t, seat] of now) {
      if (this.shown.has(t)) continue;
      const e = t.attach();
      this.shown.set(t, e);
      this.heard.came(e, seat, t.source === Track.Source.ScreenShare);
    }
  }

  private count(): void {
    this.met ||= this.room.remoteParticipants.size > 0;
    this.heard.others([...this.room.remoteParticipants.keys()]);
  }

  get muted(): boolean {
    return !this.room.localParticipant.isMicrophoneEnabled;
  }

  /** Whether her camera is to be on: it may rest for a moment meanwhile. */
  get filmed(): boolean {
    return this.wished;
  }

  get shared(): boolean {
    return this.room.localParticipant.isScreenShareEnabled;
  }

  async speak(yes: boolean): Promise<void> {
    await this.room.localParticipant.setMicrophoneEnabled(yes);
  }

  /** Sends nothing any more, until speak is called again. */
  async hold(): Promise<void> {
    const p = this.room.localParticipant;
    await p.unpublishTracks([...p.trackPublications.values()].flatMap((t) => (t.track ? [t.track] : [])));
  }

  async film(yes: boolean): Promise<void> {
    this.wished = yes;
    try {
      await this.room.localParticipant.setCameraEnabled(yes);
    } catch (e) {
      this.wished = false;
      throw e;
    }
    if (yes) void this.films();
  }

  /** Sees that the camera gives pictures: one that was let go a moment ago may stay dark until it is let go for a while. */
  private async films(): Promise<void> {
    const me = this.room.localParticipant;
    const turn = ++this.turn;
    const over = (): boolean => this.left || !this.wished || turn !== this.turn;
    for (let i = 0; i < TAKES; i++) {
      await new Promise((r) => setTimeout(r, FIRST_PICTURE * (1 + Math.random())));
      if (over() || !(await this.dark())) return;
      await me.setCameraEnabled(false);
      await new Promise((r) => setTimeout(r, REST));
      if (over()) return;
      await me.setCameraEnabled(true).catch(() => undefined);
    }
    if (over() || !(await this.dark())) return;
    await this.film(false);
    this.heard.dark();
  }

  private async dark(): Promise<boolean> {
    const me = this.room.localParticipant;
    const camera = me.getTrackPublication(Track.Source.Camera)?.track;
    let dark = !camera || !me.isCameraEnabled; // it could not be taken
    (await camera?.getRTCStatsReport())?.forEach((s: { type: string; frames?: number }) => {
      dark ||= s.type === 'media-source' && s.frames === 0;
    });
    return dark;
  }

  async share(yes: boolean): Promise<void> {
    await this.room.localParticipant.setScreenShareEnabled(yes, { audio: true });
  }

  devices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
    return Room.getLocalDevices(kind, false);
  }

  async choose(kind: MediaDeviceKind, id: string): Promise<void> {
    await this.room.switchActiveDevice(kind, id);
  }

  sound(): Promise<void> {
    return this.room.startAudio();
  }

  async leave(): Promise<void> {
    this.left = true;
    clearInterval(this.timer);
    this.line.end();
    await this.room.disconnect();
  }

  /** The bytes that came, while somebody speaks. */
  private async came(): Promise<number | null> {
    const others = [...this.room.remoteParticipants.values()].flatMap((p) => [...p.trackPublications.values()]);
    if (this.room.state !== ConnectionState.Connected || !others.some((t) => t.kind === Track.Kind.Audio && t.track && !t.isMuted)) return null; // pictures that nobody sees rest
    return (await this.counted()).bytes;
  }

  /** Lets the client believe that its line to the server was cut: it then asks for other ways for what is said, and keeps the old one until there is one. */
  private async retake(): Promise<boolean> {
    if (this.left || this.room.state !== ConnectionState.Connected) return false;
    await this.room.simulateScenario('signal-reconnect');
    return true;
  }

  /** What this browser has counted: bytes and frames that came in, in all and of each. */
  async counted(): Promise<Counted> {
    const c: Counted = { bytes: 0, frames: 0, sent: 0, of: {} };
    const add = async (t: Track | undefined, seat: string): Promise<void> => {
      const stats = await (t as unknown as { getRTCStatsReport?: () => Promise<RTCStatsReport | undefined> } | undefined)?.getRTCStatsReport?.();
      stats?.forEach((s: { type: string; bytesReceived?: number; framesDecoded?: number; bytesSent?: number }) => {
        if (s.type === 'outbound-rtp') c.sent += s.bytesSent ?? 0;
        if (s.type !== 'inbound-rtp') return;
        const was = c.of[seat] ?? { bytes: 0, frames: 0 };
        const more = { bytes: s.bytesReceived ?? 0, frames: s.framesDecoded ?? 0 };
        [c.bytes, c.frames] = [c.bytes + more.bytes, c.frames + more.frames];
        c.of[seat] = { bytes: was.bytes + more.bytes, frames: was.frames + more.frames };
      });
    };
    for (const p of this.room.remoteParticipants.values()) for (const t of p.trackPublications.values()) await add(t.track, p.identity);
    for (const t of this.room.localParticipant.trackPublications.values()) await add(t.track, '');
    return c;
  }
}

/** What has been carried. */
export interface Counted {
  bytes: number;
  frames: number;
  sent: number;
  of: Record<string, { bytes: number; frames: number }>;
}
