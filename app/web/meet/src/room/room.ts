import { ApiError } from '@gonghui/api';
import { capture, captureScreen, choose, chosen, keepOn, type Missing, whyMissing } from '../media/devices.ts';
import { listen, SPEAKING } from '../media/level.ts';
import { Peer } from '../media/peer.ts';
import { assign, changed, type View, type Wish } from '../media/places.ts';
import { DIRECT, relayOnly } from '../media/relays.ts';
import { reportOf, sizes } from '../media/report.ts';
import { bars, noHint, rates, type Sample, sample, steady, type Trouble, trouble } from '../media/stats.ts';
import { layered } from '../media/svc.ts';
import { Lost, pause, Refused, SignalClient } from '../signal/client.ts';
import {
  type Act,
  type FromServer,
  type Joined,
  type Message,
  type Moved,
  type Own,
  VERSION,
  type Why,
} from '../signal/messages.ts';
import type { Voting } from '../vote/votes.ts';
import { arrivals } from './move.ts';
import { entered, nothing, ownPerson, type State, taken } from './state.ts';

/** What opens a connection: the answer of JoinMeeting or JoinAsGuest. */
export interface Entry {
  token: string;
  room: string;
  /** Path of the WebSocket on this host. */
  socket: string;
}

/** Something that happened and is said once. */
export interface Note {
  id: number;
  /** Key of a text. */
  what: string;
  name?: string;
  /** What somebody says to all. */
  text?: string;
}

export interface Snapshot {
  phase: 'joining' | 'waiting' | 'in' | 'over';
  /** Why it is over; `left` by the person, `lost` when no way back was found. */
  why: Why | 'left' | 'lost';
  title: string;
  /** The connection is gone and being sought. */
  away: boolean;
  state: State;
  /** What is on, on this side. */
  microphone: boolean;
  camera: boolean;
  sharing: boolean;
  hand: boolean;
  /** The own picture and screen, to be shown. */
  picture: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  /** What came, by line. */
  tracks: Readonly<Record<string, MediaStreamTrack>>;
  views: readonly View[];
  hint: Trouble;
  bars: 1 | 2 | 3 | 4;
  /** The browser does not play sound before the page is touched. */
  silent: boolean;
  /** The person speaks while the microphone is off. */
  unheard: boolean;
  /** A host asks to turn the microphone on. */
  askedToUnmute: boolean;
  missing: { camera: Missing | null; microphone: Missing | null };
  notes: readonly Note[];
}

const blank: Snapshot = {
  phase: 'joining',
  why: 'left',
  title: '',
  away: false,
  state: nothing,
  microphone: false,
  camera: false,
  sharing: false,
  hand: false,
  picture: null,
  screen: null,
  tracks: {},
  views: [],
  hint: '',
  bars: 4,
  silent: false,
  unheard: false,
  askedToUnmute: false,
  missing: { camera: null, microphone: null },
  notes: [],
};

export interface RoomOptions {
  /** Asks for what opens the next connection; throws when there is no way (back) in. */
  enter: () => Promise<Entry>;
  /** What the person had on before the door. The room takes the tracks over. */
  microphone: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  /** Places for pictures: how many this device can show. */
  pictures: number;
}

/** Places for voices; the server has four loudest at a time. */
const VOICES = 4;
/** Milliseconds between two looks at how the connection does. */
const SAMPLE = 2000;
/** Looks after which the server is told how it was: ten seconds. */
const REPORT = 5;
/** Milliseconds that a connection may be without a sign before it is sought by another way. */
const SILENCE = 3000;
/** Milliseconds after the browser has missed signs of life (which takes it some seconds) before a way is sought. */
const HICCUP = 1000;
/** How often in a row the way back is sought. */
const MOST_TRIES = 12;
const MOST_NOTES = 4;
/** Milliseconds after which a node that a meeting has left is given up, though it has not said so. */
const LETS_GO = 12_000;

const socketAddress = (path: string) => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${path}`;

/** A way to the server has been found. */
const under = (peer: Peer) => ['connected', 'completed'].includes(peer.connection.iceConnectionState);

const mute = (track: MediaStreamTrack | null) => track?.stop();

/**
 * A meeting that this page takes part in: keeps the signalling and the media connection, comes back into the same seat when either is
 * lost, and tells who listens what is to be drawn.
 */
export class Room {
  readonly #options: RoomOptions;
  readonly #listeners = new Set<() => void>();
  #snapshot: Snapshot = blank;
  #signal: SignalClient | null = null;
  #peer: Peer | null = null;
  /** The connection to another node, as long as the one to the old node is needed. */
  #next: Peer | null = null;
  /** Until the seat on another node is taken. */
  #arriving: Promise<void> = Promise.resolve();
  /** Gives up what is left of the old node. */
  #part: () => void = ignore;
  #relays: readonly RTCIceServer[] = [];
  /** The camera goes as one stream with layers. */
  #layered = false;
  /** The direct way did not lead to the server. */
  #byRelay = relayOnly();
  #tries = 0;
  #ended = false;
  /** Answers on our own doings that are still on their way: until then the server's word on them is old. */
  #telling = 0;
  #wishes: readonly Wish[] = [];
  #previews: readonly Wish[] = [];
  #told: readonly View[] = [];
  #showing: Promise<void> = Promise.resolve();
  #voice: { own: MediaStreamTrack; sent: MediaStreamTrack; stop: () => void } | null = null;
  #screenSound: MediaStreamTrack | null = null;
  #sounds = new Map<string, HTMLAudioElement>();
  #last: Sample | null = null;
  #reported: Sample | null = null;
  #looks = 0;
  #hint = noHint;
  #timers: ReturnType<typeof setInterval>[] = [];
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** When signalling connections end. */
  readonly #dialled = new WeakMap<SignalClient, Promise<void>>();
  #note = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
    if (options.microphone) this.#hear(options.microphone, true);
    this.#set({
      microphone: Boolean(options.microphone),
      camera: Boolean(options.camera),
      picture: options.camera,
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  #say(what: string, name?: string, text?: string): void {
    const note: Note = { id: ++this.#note, what, name, text };
    this.#set({ notes: [...this.#snapshot.notes, note].slice(-MOST_NOTES) });
  }

  /** Takes a note away that has been read. */
  noted(id: number): void {
    this.#set({ notes: this.#snapshot.notes.filter((note) => note.id !== id) });
  }

  // The way in, and back.

  /** Goes in. Throws what stands in the way; afterwards the room sees to itself. */
  async start(): Promise<void> {
    this.#layered = await layered();
    await this.#connect();
    this.#timers.push(setInterval(() => void this.#look(), SAMPLE));
    addEventListener('online', this.#moved);
    (navigator as Navigator & { connection?: EventTarget }).connection?.addEventListener?.('change', this.#moved);
  }

  async #connect(): Promise<void> {
    const entry = await this.#options.enter();
    if (this.#ended) return;
    const signal = await this.#dial(entry);
    this.#signal = signal;
    let reply: FromServer;
    try {
      reply = await signal.ask({ join: { version: VERSION, token: entry.token, room: entry.room } });
    } catch (thrown) {
      this.#signal = null;
      signal.close();
      throw thrown;
    }
    if (reply.waiting) {
      this.#tries = 0;
      this.#set({ phase: 'waiting', title: reply.waiting.title, away: false });
    } else if (reply.joined) {
      await this.#in(reply.joined);
    }
  }

  async #dial({ socket }: Entry): Promise<SignalClient> {
    let end: () => void = ignore;
    const ended = new Promise<void>((done) => {
      end = done;
    });
    const signal: SignalClient = new SignalClient(new WebSocket(socketAddress(socket)), {
      told: (message) => {
        if (this.#signal === signal) this.#take(message);
      },
      closed: () => {
        end();
        if (this.#signal === signal) this.#lost();
      },
    });
    await signal.open;
    this.#dialled.set(signal, ended);
    return signal;
  }

  /**
   * The meeting goes on at another node: takes the seat there and shows each picture from there as soon as it comes. The old node is let
   * go of when it says that nobody needs it any more: until then others see us by it.
   */
  async #move(moved: Moved): Promise<void> {
    const old = this.#signal;
    const before = this.#peer;
    if (!old || this.#next) return;
    let arrive: () => void = ignore;
    this.#arriving = new Promise((done) => {
      arrive = done;
    });
    let signal: SignalClient | undefined;
    try {
      signal = await this.#dial(moved);
      const { joined } = await signal.ask({ join: { version: VERSION, token: moved.token, room: moved.room } });
      if (!joined || this.#ended) throw new Lost();
      this.#signal = signal;
      this.#relays = joined.iceServers;
      this.#set({ state: entered(this.#snapshot.state, joined) });
    } catch {
      // The old node lets go of us in the end, and the way back leads there.
      signal?.close();
      return;
    } finally {
      arrive();
    }
    this.#part = () => {
      before?.close();
      old.close();
      this.#part = ignore;
    };
    try {
      await this.#tell();
      await this.#follow();
    } catch {
      this.#unfollow();
      if (!this.#ended) await this.#fresh().catch(ignore);
    }
    await old.ask({ settled: {} }).catch(ignore);
    await Promise.race([this.#dialled.get(old), new Promise((done) => setTimeout(done, LETS_GO))]);
    this.#part();
  }

  /** Makes the connection to the node on which the seat is, and shows what comes from there in the place of what came before. */
  async #follow(): Promise<void> {
    const tracks = new Map<string, MediaStreamTrack>();
    const next = this.#newPeer((mid, track) => tracks.set(mid, track));
    this.#next = next;
    const { picture, screen, camera, views } = this.#snapshot;
    await this.#fill(next);
    // The lines are those of before: the same places in the same order.
    const shown = views.filter((view) => view.participant !== '');
    if (shown.length > 0) await this.#signal?.ask({ show: { views: [...shown] } });
    const comes = (mid: string) => {
      const track = tracks.get(mid);
      if (track && this.#next === next) this.#comes(mid, track);
    };
    const seen = shown.filter((view) => {
      const one = this.#snapshot.state.persons.find((person) => person.participant === view.participant);
      return view.height > 0 && (view.source === 'camera' ? one?.camera : one?.sharing);
    });
    await arrivals(
      next.connection,
      seen.map((view) => view.mid),
      comes,
    );
    for (const mid of tracks.keys()) comes(mid);
    if (this.#next !== next) return;
    this.#peer = next;
    this.#next = null;
    this.#last = null;
    this.#told = views;
    this.#stands(next.connection.connectionState);
    // What the person did meanwhile went to the old one.
    const now = this.#snapshot;
    if (this.#sends) await next.put('microphone', this.#voice?.sent ?? null);
    if (now.picture !== picture || now.camera !== camera) await next.put('camera', now.camera ? now.picture : null);
    if (now.screen !== screen) await next.put('screen', now.screen);
    this.#show();
  }

  #unfollow(): void {
    this.#next?.close();
    this.#next = null;
  }

  /** The connection is gone: another one, into the same seat. */
  #lost(): void {
    this.#signal = null;
    if (this.#ended) return;
    this.#set({ away: true });
    if (this.#tries >= MOST_TRIES) {
      this.#over('lost');
      return;
    }
    setTimeout(() => void this.#back(), pause(this.#tries++));
  }

  async #back(): Promise<void> {
    if (this.#ended || this.#signal) return;
    try {
      await this.#connect();
    } catch (thrown) {
      if (this.#ended) return;
      const why = final(thrown);
      if (why) this.#over(why);
      else this.#lost();
    }
  }

  async #in(joined: Joined): Promise<void> {
    this.#tries = 0;
    const { phase, state } = this.#snapshot;
    // Another room is another seat: the connection there is made from the ground up.
    const again = phase === 'in' && joined.inside.breakout === state.inside.breakout;
    this.#relays = joined.iceServers;
    this.#set({
      phase: 'in',
      away: false,
      title: joined.room.title,
      state: entered(state, joined),
    });
    await this.#media(again);
    await this.#tell();
    await this.#signal?.ask({ recall: {} }).then((reply) => this.#take(reply), ignore);
    await this.vote({ do: 'list' }).catch(ignore);
  }

  /** Says what is on here, as far as the server does not know it: after coming in, and after coming back. */
  async #tell(): Promise<void> {
    const { microphone, camera, sharing, hand, state } = this.#snapshot;
    const known = ownPerson(state);
    const own: Own = {};
    if (known?.microphone !== microphone) own.microphone = microphone;
    if (known?.camera !== camera) own.camera = camera;
    if (known?.sharing !== sharing) own.sharing = sharing;
    if (known && known.hand > 0 !== hand) own.hand = hand;
    if (Object.keys(own).length === 0) return;
    if (await this.#own(own)) return;
    // Nobody may turn the microphone on by themselves just now: the rest still holds.
    this.#turnMicrophone(false);
    await this.#own({ ...own, microphone: false });
  }

  // The media connection.

  get #sends(): boolean {
    return ownPerson(this.#snapshot.state)?.role !== 'audience';
  }

  async #media(again: boolean): Promise<void> {
    try {
      if (again && this.#peer) {
        if (this.#byRelay) this.#peer.reach(this.#relays);
        await this.#peer.negotiate(true);
      } else await this.#fresh();
    } catch (thrown) {
      if (!(thrown instanceof Refused)) return;
      if (again) await this.#fresh().catch(ignore);
      else this.#say('noMedia');
    }
  }

  /** A connection from the ground up, in the place of the one there was. */
  async #fresh(): Promise<void> {
    this.#unfollow();
    const old = this.#peer;
    const peer = this.#newPeer((mid, track) => this.#comes(mid, track));
    this.#peer = peer;
    this.#last = null;
    this.#reported = null;
    this.#told = [];
    this.#set({ tracks: {}, views: [] });
    old?.close();
    await this.#fill(peer);
    this.#show();
  }

  #newPeer(comes: (mid: string, track: MediaStreamTrack) => void): Peer {
    const peer: Peer = new Peer({
      voices: VOICES,
      pictures: this.#options.pictures,
      sends: this.#sends,
      layered: this.#layered,
      relays: this.#byRelay ? this.#relays : [],
      offer: async (offer) => {
        if (!this.#signal) throw new Lost();
        return (await this.#signal.ask({ offer })).answer?.sdp ?? '';
      },
      track: (mid, track) => {
        if (this.#peer === peer || this.#next === peer) comes(mid, track);
      },
      state: (state) => {
        if (this.#peer === peer) this.#stands(state);
      },
    });
    return peer;
  }

  /** Sends over a new connection what is sent, and offers it. */
  async #fill(peer: Peer): Promise<void> {
    const { picture, screen, camera } = this.#snapshot;
    if (this.#sends) {
      await peer.put('microphone', this.#voice?.sent ?? null);
      await peer.put('camera', camera ? picture : null);
    }
    await peer.negotiate();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#peer === peer && !under(peer)) void this.#seek();
    }, DIRECT);
    if (!screen || !this.#sends) return;
    await peer.put('screen', screen);
    if (this.#screenSound) await peer.put('screen-sound', this.#screenSound);
  }

  #comes(mid: string, track: MediaStreamTrack): void {
    if (track.kind === 'video') {
      this.#set({ tracks: { ...this.#snapshot.tracks, [mid]: track } });
      return;
    }
    const sound = this.#sounds.get(mid) ?? new Audio();
    this.#sounds.set(mid, sound);
    sound.srcObject = new MediaStream([track]);
    void this.#sink(sound).then(() => this.#play(sound));
  }

  async #sink(sound: HTMLAudioElement): Promise<void> {
    const speaker = chosen('speaker');
    if ('setSinkId' in sound) await sound.setSinkId(speaker).catch(ignore);
  }

  async #play(sound: HTMLAudioElement): Promise<void> {
    try {
      await sound.play();
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'NotAllowedError') this.#set({ silent: true });
    }
  }

  /** Plays what the browser held back; for a touch of the person. */
  unlock(): void {
    this.#set({ silent: false });
    for (const sound of this.#sounds.values()) void this.#play(sound);
  }

  #stands(state: RTCPeerConnectionState): void {
    clearTimeout(this.#silence);
    if (state === 'connected') this.#set({ away: this.#signal === null });
    else if (state === 'disconnected') this.#silence = setTimeout(() => void this.#seek(), HICCUP);
    else if (state === 'failed') void this.#seek();
  }

  /** The network has changed under us: the way is sought at once, before silence tells. */
  readonly #moved = (): void => {
    if (this.#snapshot.phase === 'in') void this.#seek();
  };

  /** Looks for a way to the server: the same connection by another path; when that is refused or does not help, a new one. */
  async #seek(): Promise<void> {
    const peer = this.#peer;
    if (!peer || !this.#signal || this.#ended || this.#next) return;
    if (peer.connection.connectionState !== 'connected') this.#set({ away: true });
    try {
      await this.#renew(peer);
      await peer.negotiate(true);
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => {
        if (this.#peer === peer && peer.connection.connectionState !== 'connected') void this.#fresh().catch(ignore);
      }, SILENCE);
    } catch (thrown) {
      if (thrown instanceof Refused && this.#peer === peer) await this.#fresh().catch(ignore);
    }
  }

  /** Lets a connection know the relays, with credentials that are fresh. */
  async #renew(peer: Peer): Promise<void> {
    if (this.#relays.length === 0) return;
    const reply = await this.#signal?.ask({ relays: {} });
    this.#relays = reply?.relays?.iceServers ?? this.#relays;
    this.#byRelay = true;
    peer.reach(this.#relays);
  }

  async #look(): Promise<void> {
    const peer = this.#peer;
    if (peer?.connection.connectionState !== 'connected') return;
    const reports: Parameters<typeof sample>[0] = [...(await peer.connection.getStats()).values()] as never;
    const now = sample(reports, performance.now());
    this.#report(now, reports);
    const before = this.#last;
    this.#last = now;
    if (!before || this.#peer !== peer) return;
    const rate = rates(before, now);
    this.#hint = steady(this.#hint, trouble(rate, this.#snapshot.camera));
    const next = bars(rate);
    if (this.#hint.shown !== this.#snapshot.hint || next !== this.#snapshot.bars)
      this.#set({ hint: this.#hint.shown, bars: next });
  }

  /** Tells the server every ten seconds how it was: it is kept with the attendance. */
  #report(now: Sample, reports: Parameters<typeof sizes>[0]): void {
    const before = this.#reported;
    if (before && ++this.#looks % REPORT !== 0) return;
    this.#reported = now;
    if (!before || !this.#signal) return;
    void this.#signal.ask({ report: reportOf(before, now, sizes(reports), navigator.userAgent) }).catch(ignore);
  }

  // What is seen.

  /** Says what the page wants to see, the most important first. */
  see(wishes: readonly Wish[]): void {
    this.#wishes = wishes;
    this.#show();
  }

  /** Says whom else the page wants to see, after all others. */
  preview(wishes: readonly Wish[]): void {
    this.#previews = wishes;
    this.#show();
  }

  #show(): void {
    const peer = this.#peer;
    if (!peer || peer.pictures.length === 0) return;
    const views = assign(peer.pictures, this.#snapshot.views, [...this.#wishes, ...this.#previews]);
    if (changed(this.#snapshot.views, views).length === 0) return;
    this.#set({ views });
    this.#showing = this.#showing.catch(ignore).then(async () => {
      const news = changed(this.#told, this.#snapshot.views);
      if (news.length === 0 || !this.#signal || this.#peer !== peer) return;
      const before = this.#told;
      this.#told = this.#snapshot.views;
      await this.#signal.ask({ show: { views: news } }).catch(() => {
        this.#told = before;
      });
    });
  }

  // What the server says.

  #take(message: FromServer): void {
    if (message.over) {
      const { why } = message.over;
      if (why !== 'restart' && why !== 'moved') this.#over(why);
      return;
    }
    if (message.joined) {
      void this.#in(message.joined).catch(ignore);
      return;
    }
    if (message.moved) void this.#move(message.moved);
    if (message.notice) this.#say(message.notice.what, message.notice.name, message.notice.text || message.notice.room);
    if (message.asked?.what === 'unmute') this.#set({ askedToUnmute: true });
    if (message.event?.kind === 'wanted')
      void (this.#next ?? this.#peer)?.want(message.event.source, message.event.height);
    const before = this.#snapshot.state;
    const state = taken(before, message, Date.now());
    if (state !== before) this.#set({ state });
    // Who has been let in, or gone, is no news any more.
    if (message.knock?.gone)
      this.#set({
        notes: this.#snapshot.notes.filter(({ what, name }) => what !== 'knock' || name !== message.knock?.name),
      });
    if (message.person && message.person.participant === state.me && this.#telling === 0) this.#obey(before, state);
    if (
      message.knock &&
      !message.knock.gone &&
      !before.knocks.some((k) => k.participant === message.knock?.participant)
    )
      this.#say('knock', message.knock.name);
    if (message.person && message.person.hand > 0 && message.person.participant !== state.me) {
      const had = before.persons.find((one) => one.participant === message.person?.participant)?.hand ?? 0;
      if (had === 0) this.#say('hand', message.person.name);
    }
  }

  /** A host has turned something of ours off, or made us somebody else. */
  #obey(before: State, state: State): void {
    const was = ownPerson(before);
    const now = ownPerson(state);
    if (!now) return;
    const { microphone, camera, sharing, hand } = this.#snapshot;
    if (microphone && !now.microphone) {
      this.#turnMicrophone(false);
      if (now.silenced) this.#say('silenced');
    }
    if (camera && !now.camera) {
      this.#dropCamera();
      this.#say('cameraStopped');
    }
    if (sharing && !now.sharing) {
      this.#dropScreen();
      this.#say('sharingStopped');
    }
    if (hand !== now.hand > 0) this.#set({ hand: now.hand > 0 });
    if (was && was.role !== now.role) {
      this.#say(`role.${now.role}`);
      // Who may send has lines for it, who may not has none: another connection.
      if ((was.role === 'audience') !== (now.role === 'audience')) void this.#fresh().catch(ignore);
    }
  }

  // What the person does.

  /** Tells the server what we do with our own things; false when it does not let us. */
  async #own(own: Own): Promise<boolean> {
    if (!this.#signal) return true;
    this.#telling++;
    try {
      await this.ask({ own });
      return true;
    } catch (thrown) {
      // A lost connection is told anew when it is back.
      return !(thrown instanceof Refused);
    } finally {
      this.#telling--;
    }
  }

  /** Listens to the own microphone, to say so when somebody speaks and is not heard. What is sent is a copy of its own. */
  #hear(track: MediaStreamTrack, on: boolean): void {
    this.#unhear();
    const sent = track.clone();
    sent.enabled = on;
    let loud = 0;
    const stop = listen(track, (level) => {
      loud = level > SPEAKING ? loud + 1 : Math.max(0, loud - 1);
      const unheard = !this.#snapshot.microphone && loud > 10;
      if (unheard !== this.#snapshot.unheard && (unheard || loud === 0)) this.#set({ unheard });
    });
    track.onended = () => void this.setMicrophone(false);
    this.#voice = { own: track, sent, stop };
  }

  #unhear(): void {
    this.#voice?.stop();
    mute(this.#voice?.own ?? null);
    mute(this.#voice?.sent ?? null);
    this.#voice = null;
  }

  #turnMicrophone(on: boolean): void {
    if (this.#voice) this.#voice.sent.enabled = on;
    this.#set({ microphone: on, ...(on && { unheard: false, askedToUnmute: false }) });
  }

  async setMicrophone(on: boolean): Promise<void> {
    if (on && !this.#sends && this.#snapshot.phase === 'in') return;
    if (on && (!this.#voice || this.#voice.own.readyState === 'ended')) {
      try {
        this.#hear(await capture('microphone'), true);
        this.#set({ missing: { ...this.#snapshot.missing, microphone: null } });
      } catch (thrown) {
        this.#set({ missing: { ...this.#snapshot.missing, microphone: whyMissing(thrown) } });
        return;
      }
      await this.#peer?.put('microphone', this.#voice?.sent ?? null).catch(ignore);
    }
    this.#turnMicrophone(on);
    keepOn('microphone', on);
    if (this.#snapshot.phase === 'in' && !(await this.#own({ microphone: on })) && on) {
      this.#turnMicrophone(false);
      this.#say('unmuteRefused');
    }
  }

  async setCamera(on: boolean): Promise<void> {
    if (on && !this.#sends && this.#snapshot.phase === 'in') return;
    keepOn('camera', on);
    if (!on) {
      this.#dropCamera();
      await this.#own({ camera: false });
      return;
    }
    try {
      const picture = await capture('camera');
      picture.onended = () => void this.setCamera(false);
      this.#set({ picture, camera: true, missing: { ...this.#snapshot.missing, camera: null } });
      await this.#peer?.put('camera', picture).catch(ignore);
    } catch (thrown) {
      this.#set({ missing: { ...this.#snapshot.missing, camera: whyMissing(thrown) } });
      return;
    }
    if (this.#snapshot.phase === 'in' && !(await this.#own({ camera: true }))) this.#dropCamera();
  }

  #dropCamera(): void {
    const { picture } = this.#snapshot;
    if (picture) picture.onended = null;
    mute(picture);
    this.#set({ picture: null, camera: false });
    void this.#peer?.put('camera', null).catch(ignore);
  }

  /** Takes another camera, microphone or speaker, and keeps the choice. */
  async use(kind: 'camera' | 'microphone' | 'speaker', id: string): Promise<void> {
    choose(kind, id);
    if (kind === 'speaker') {
      await Promise.all([...this.#sounds.values()].map((sound) => this.#sink(sound)));
      return;
    }
    const on = this.#snapshot[kind];
    try {
      if (kind === 'camera') {
        if (!on) return;
        mute(this.#snapshot.picture);
        await this.setCamera(true);
      } else if (this.#voice) {
        this.#hear(await capture('microphone', id), on);
        await this.#peer?.put('microphone', this.#voice.sent);
      }
    } catch (thrown) {
      this.#set({ missing: { ...this.#snapshot.missing, [kind]: whyMissing(thrown) } });
    }
  }

  async setSharing(on: boolean): Promise<void> {
    if (!on) {
      this.#dropScreen();
      await this.#own({ sharing: false });
      return;
    }
    if (!this.#sends) return;
    let taken: Awaited<ReturnType<typeof captureScreen>>;
    try {
      taken = await captureScreen();
    } catch (thrown) {
      // Who closes the browser's question has changed their mind.
      if (whyMissing(thrown) !== 'refused') this.#say('sharingFailed');
      return;
    }
    const { picture, sound } = taken;
    picture.onended = () => void this.setSharing(false);
    this.#screenSound = sound;
    this.#set({ sharing: true, screen: picture });
    try {
      await this.#putScreen(picture, sound);
    } catch {
      this.#dropScreen();
      this.#say('sharingFailed');
      return;
    }
    if (!(await this.#own({ sharing: true }))) {
      this.#dropScreen();
      this.#say('sharingRefused');
    }
  }

  async #putScreen(picture: MediaStreamTrack, sound: MediaStreamTrack | null): Promise<void> {
    await this.#peer?.put('screen', picture);
    if (sound) await this.#peer?.put('screen-sound', sound);
  }

  #dropScreen(): void {
    const { screen } = this.#snapshot;
    if (screen) screen.onended = null;
    mute(screen);
    mute(this.#screenSound);
    this.#screenSound = null;
    this.#set({ screen: null, sharing: false });
    void this.#peer?.put('screen', null).catch(ignore);
    void this.#peer?.put('screen-sound', null).catch(ignore);
  }

  async setHand(up: boolean): Promise<void> {
    this.#set({ hand: up });
    if (!(await this.#own({ hand: up }))) this.#set({ hand: !up });
  }

  /** Puts the host's question to turn the microphone on aside. */
  dismissUnmute(): void {
    this.#set({ askedToUnmute: false });
  }

  /** Writes a line into the chat; throws when it was not taken. */
  async say(text: string): Promise<void> {
    await this.ask({ say: { text } });
  }

  /** Brings older lines. */
  async recall(): Promise<void> {
    const oldest = this.#snapshot.state.lines[0]?.id;
    const reply = await this.#signal?.ask({ recall: oldest ? { before: oldest } : {} });
    if (reply) this.#take(reply);
  }

  /**
   * Says something that is not about media, and brings the answer; throws {@link Refused} when the server does not let us. While the
   * meeting moves, it is said where the meeting goes on.
   */
  async ask(message: Message): Promise<FromServer> {
    for (let tries = 0; ; tries++) {
      await this.#arriving;
      if (!this.#signal) throw new Lost();
      try {
        return await this.#signal.ask(message);
      } catch (thrown) {
        if (!(thrown instanceof Refused) || thrown.reason !== 'MOVED' || tries > 5) throw thrown;
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  }

  /** Does something about votes, and tells the answer; throws {@link Refused} when the server does not let us. */
  async vote(voting: Voting): Promise<FromServer> {
    const reply = await this.ask({ vote: voting });
    if (reply.votes) this.#take(reply);
    return reply;
  }

  /** What hosts do; throws {@link Refused} when the server does not let us. */
  async act(act: Act): Promise<void> {
    await this.ask({ act });
  }

  /** Says whether the person agrees to be recorded. */
  async consent(agree: boolean): Promise<void> {
    if (!this.#signal) throw new Lost();
    await this.#signal.ask({ consent: { agree } });
  }

  /** Leaves; the seat is given up at once. */
  async leave(): Promise<void> {
    const signal = this.#signal;
    this.#over('left');
    // The answer is not waited for longer than a person would.
    await Promise.race([signal?.ask({ leave: {} }).catch(ignore), new Promise((done) => setTimeout(done, 1000))]);
    signal?.close();
  }

  #over(why: Snapshot['why']): void {
    if (this.#ended) return;
    this.#ended = true;
    const signal = this.#signal;
    this.#signal = null;
    if (why !== 'left') signal?.close();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#silence);
    removeEventListener('online', this.#moved);
    (navigator as Navigator & { connection?: EventTarget }).connection?.removeEventListener?.('change', this.#moved);
    this.#peer?.close();
    this.#unfollow();
    this.#part();
    this.#unhear();
    mute(this.#snapshot.picture);
    mute(this.#snapshot.screen);
    mute(this.#screenSound);
    for (const sound of this.#sounds.values()) sound.srcObject = null;
    this.#set({ phase: 'over', why, picture: null, screen: null, camera: false, microphone: false, sharing: false });
  }

  /** Gives everything back when the page turns to something else. */
  close(): void {
    if (!this.#ended) void this.leave();
  }
}

/** Why there is no way back, out of what stood in it; null when another try may find one. */
function final(thrown: unknown): Snapshot['why'] | null {
  if (thrown instanceof Refused) return thrown.reason === 'VERSION' ? 'lost' : null;
  if (!(thrown instanceof ApiError) || thrown.transient) return null;
  if (thrown.reason === 'MEETING_OVER') return 'ended';
  return thrown.reason === 'MEETING_REFUSED' ? 'removed' : 'lost';
}

function ignore(): void {
  // What failed is sought again, or shown, where it is missed.
}
