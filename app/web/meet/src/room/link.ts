import { Peer } from '../media/peer.ts';
import type { View } from '../media/places.ts';
import { DIRECT, relayOnly } from '../media/relays.ts';
import { layered } from '../media/svc.ts';
import { Refused } from '../signal/client.ts';
import type { Source } from '../signal/messages.ts';
import type { Board } from './board.ts';
import { Health } from './health.ts';
import { ignore } from './ignore.ts';
import type { OwnThings } from './own.ts';
import { Seeing } from './seeing.ts';
import type { Sounds } from './sounds.ts';
import type { Talk } from './talk.ts';

/** Places for voices; the server has four loudest at a time. */
const VOICES = 4;
/** Milliseconds that a connection may be without a sign before it is sought by another way. */
const SILENCE = 3000;
/** Milliseconds after the browser has missed signs of life (which takes it some seconds) before a way is sought. */
const HICCUP = 1000;

/** A way to the server has been found. */
const under = (peer: Peer) => ['connected', 'completed'].includes(peer.connection.iceConnectionState);

/** The browser tells of another network where it can. */
const network = () => (navigator as Navigator & { connection?: EventTarget }).connection;

/** The media connection of a room: made, kept, and made anew when it no longer leads to the server. */
export class Link {
  readonly seeing: Seeing;
  readonly #health: Health;
  readonly #board: Board;
  readonly #talk: Talk;
  readonly #own: OwnThings;
  readonly #sounds: Sounds;
  readonly #pictures: number;
  #peer: Peer | null = null;
  /** The connection to another node, as long as the one to the old node is needed. */
  #next: Peer | null = null;
  #relays: readonly RTCIceServer[] = [];
  /** The camera goes as one stream with layers. */
  #layered = false;
  /** The direct way did not lead to the server. */
  #byRelay = relayOnly();
  #silence: ReturnType<typeof setTimeout> | undefined;

  /** pictures are the places for pictures. */
  constructor(board: Board, talk: Talk, own: OwnThings, sounds: Sounds, pictures: number) {
    this.#board = board;
    this.#talk = talk;
    this.#own = own;
    this.#sounds = sounds;
    this.#pictures = pictures;
    this.seeing = new Seeing(board, talk);
    this.#health = new Health(
      board,
      talk,
      () => this.#peer,
      () => void this.#seek(),
    );
  }

  /** Finds out what this browser can do. */
  async prepare(): Promise<void> {
    this.#layered = await layered();
  }

  start(): void {
    this.#health.start();
    addEventListener('online', this.#moved);
    network()?.addEventListener?.('change', this.#moved);
  }

  end(): void {
    this.#health.end();
    clearTimeout(this.#silence);
    removeEventListener('online', this.#moved);
    network()?.removeEventListener?.('change', this.#moved);
    this.#peer?.close();
    this.unfollow();
  }

  get peer(): Peer | null {
    return this.#peer;
  }

  /** The meeting is on the way to another node. */
  get moves(): boolean {
    return this.#next !== null;
  }

  /** The relays that the server has told, with their credentials. */
  know(relays: readonly RTCIceServer[]): void {
    this.#relays = relays;
  }

  async put(source: Source, track: MediaStreamTrack | null): Promise<void> {
    await this.#peer?.put(source, track);
  }

  /** Takes up how high a picture of ours is shown at most. */
  async want(source: string, height: number): Promise<void> {
    await (this.#next ?? this.#peer)?.want(source, height);
  }

  /** Connects: again in the same seat, or from the ground up. */
  async open(again: boolean): Promise<void> {
    try {
      if (again && this.#peer) {
        if (this.#byRelay) this.#peer.reach(this.#relays);
        await this.#peer.negotiate(true);
      } else await this.fresh();
    } catch (thrown) {
      if (!(thrown instanceof Refused)) return;
      if (again) await this.fresh().catch(ignore);
      else this.#board.say('noMedia');
    }
  }

  /** A connection from the ground up, in the place of the one there was. */
  async fresh(): Promise<void> {
    this.unfollow();
    const old = this.#peer;
    const peer = this.#make((mid, track) => this.comes(mid, track));
    this.#peer = peer;
    this.#health.anew(false);
    this.seeing.by(peer, []);
    this.#board.set({ tracks: {}, views: [] });
    old?.close();
    await this.#fill(peer);
    this.seeing.show();
  }

  #make(comes: (mid: string, track: MediaStreamTrack) => void): Peer {
    const peer: Peer = new Peer({
      voices: VOICES,
      pictures: this.#pictures,
      sends: this.#board.sends,
      layered: this.#layered,
      relays: this.#byRelay ? this.#relays : [],
      offer: async (offer) => (await this.#talk.tell({ offer })).answer?.sdp ?? '',
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
    await this.#own.fill(peer);
    await peer.negotiate();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#peer === peer && !under(peer)) void this.#seek();
    }, DIRECT);
    await this.#own.fillScreen(peer);
  }

  /** Shows, or plays, what comes on a line. */
  comes(mid: string, track: MediaStreamTrack): void {
    if (track.kind === 'video') this.#board.set({ tracks: { ...this.#board.now.tracks, [mid]: track } });
    else this.#sounds.hear(mid, track);
  }

  // To another node.

  /** Makes a connection beside the one there is. */
  async follow(comes: (mid: string, track: MediaStreamTrack) => void): Promise<Peer> {
    const next = this.#make(comes);
    this.#next = next;
    await this.#fill(next);
    return next;
  }

  /** A connection is the one that is made beside the one there is. */
  follows(peer: Peer): boolean {
    return this.#next === peer;
  }

  /** Takes the connection beside for the one there is; the server there has been told of these views. */
  takes(next: Peer, told: readonly View[]): void {
    this.#peer = next;
    this.#next = null;
    this.#health.anew(true);
    this.seeing.by(next, told);
    this.#stands(next.connection.connectionState);
  }

  /** Gives the connection beside up. */
  unfollow(): void {
    this.#next?.close();
    this.#next = null;
  }

  // The way to the server.

  #stands(state: RTCPeerConnectionState): void {
    clearTimeout(this.#silence);
    if (state === 'connected') this.#board.set({ away: this.#talk.used === null });
    else if (state === 'disconnected') this.#silence = setTimeout(() => void this.#seek(), HICCUP);
    else if (state === 'failed') void this.#seek();
  }

  /** The network has changed under us: the way is sought at once, before silence tells. */
  readonly #moved = (): void => {
    if (this.#board.now.phase === 'in') void this.#seek();
  };

  /** Looks for a way to the server: the same connection by another path; when that is refused or does not help, a new one. */
  async #seek(): Promise<void> {
    const peer = this.#peer;
    if (!peer || !this.#talk.used || this.#board.over || this.#next) return;
    if (peer.connection.connectionState !== 'connected') this.#board.set({ away: true });
    try {
      await this.#renew(peer);
      await peer.negotiate(true);
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => {
        if (this.#peer === peer && peer.connection.connectionState !== 'connected') void this.fresh().catch(ignore);
      }, SILENCE);
    } catch (thrown) {
      if (thrown instanceof Refused && this.#peer === peer) await this.fresh().catch(ignore);
    }
  }

  /** Lets a connection know the relays, with credentials that are fresh. */
  async #renew(peer: Peer): Promise<void> {
    if (this.#relays.length === 0) return;
    const { relays } = await this.#talk.tell({ relays: {} });
    this.#relays = relays?.iceServers ?? this.#relays;
    this.#byRelay = true;
    peer.reach(this.#relays);
  }
}
