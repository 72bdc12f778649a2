import { capture, captureScreen, choose, keepOn, type Opening, whyMissing } from '../media/devices.ts';
import { listen, SPEAKING } from '../media/level.ts';
import type { Peer } from '../media/peer.ts';
import { Refused } from '../signal/client.ts';
import type { Own, Person, Source } from '../signal/messages.ts';
import type { Board } from './board.ts';
import { ignore } from './ignore.ts';
import { ownPerson } from './state.ts';
import type { Talk } from './talk.ts';

/** Sends a track as a source by the connection there is, or nothing. */
type Put = (source: Source, track: MediaStreamTrack | null) => Promise<void>;

const mute = (track: MediaStreamTrack | null | undefined) => track?.stop();

/** The person's own microphone, camera, screen and hand: what is on here, what is sent of it, and what the server is told. */
export class OwnThings {
  readonly #board: Board;
  readonly #talk: Talk;
  readonly #put: Put;
  #voice: { own: MediaStreamTrack; sent: MediaStreamTrack; stop: () => void } | null = null;
  #screenSound: MediaStreamTrack | null = null;
  /** Devices that are to be turned on as soon as they are open. */
  readonly #opening = new Map<'camera' | 'microphone', Promise<MediaStreamTrack>>();
  /** Answers that are still on their way. */
  #telling = 0;

  constructor(board: Board, talk: Talk, put: Put) {
    this.#board = board;
    this.#talk = talk;
    this.#put = put;
  }

  /** Takes over what was on before the door; what was still being opened there goes on once it is open. */
  bring(microphone: Opening, camera: Opening): void {
    if (microphone instanceof Promise) void this.#open('microphone', microphone);
    else if (microphone) {
      this.#hear(microphone, true);
      this.#board.set({ microphone: true });
    }
    if (camera instanceof Promise) void this.#open('camera', camera);
    else if (camera) this.#board.set({ camera: true, picture: camera });
  }

  /** Turns a device on once it is open, unless it is not wanted any more by then. */
  async #open(kind: 'camera' | 'microphone', opening: Promise<MediaStreamTrack>): Promise<void> {
    this.#opening.set(kind, opening);
    const wanted = () => this.#opening.get(kind) === opening;
    try {
      const track = await opening;
      if (!wanted() || this.#mayNot) mute(track);
      else if (kind === 'camera') await this.#show(track);
      else await this.#speak(track);
    } catch (thrown) {
      if (wanted()) this.#lacks(kind, thrown);
    } finally {
      if (wanted()) this.#opening.delete(kind);
    }
  }

  // What the server is told, and what it says.

  /** Says what is on here, as far as the server does not know it: after coming in, and after coming back. */
  async tell(): Promise<void> {
    const { microphone, camera, sharing, hand, state } = this.#board.now;
    const known = ownPerson(state);
    const own: Own = {};
    if (known?.microphone !== microphone) own.microphone = microphone;
    if (known?.camera !== camera) own.camera = camera;
    if (known?.sharing !== sharing) own.sharing = sharing;
    if (known && known.hand > 0 !== hand) own.hand = hand;
    if (Object.keys(own).length === 0) return;
    if (await this.#say(own)) return;
    // Nobody may turn the microphone on by themselves just now: the rest still holds.
    this.#turnMicrophone(false);
    await this.#say({ ...own, microphone: false });
  }

  /** Tells the server what we do with our own things; false when it does not let us. */
  async #say(own: Own): Promise<boolean> {
    if (!this.#talk.used) return true;
    this.#telling++;
    try {
      await this.#talk.ask({ own });
      return true;
    } catch (thrown) {
      // A lost connection is told anew when it is back.
      return !(thrown instanceof Refused);
    } finally {
      this.#telling--;
    }
  }

  /** Does here what a host has done to the own things. */
  obey(now: Person): void {
    const { microphone, camera, sharing, hand } = this.#board.now;
    // Who does not agree to be recorded is told so, and no host has done anything.
    const said = now.consent !== 'declined';
    if (microphone && !now.microphone) {
      this.#turnMicrophone(false);
      if (now.silenced) this.#board.say('silenced');
    }
    if (camera && !now.camera) {
      this.#dropCamera();
      if (said) this.#board.say('cameraStopped');
    }
    if (sharing && !now.sharing) {
      this.#dropScreen();
      if (said) this.#board.say('sharingStopped');
    }
    if (hand !== now.hand > 0) this.#board.set({ hand: now.hand > 0 });
  }

  /** Our own word on them is still on its way: that of the server is older. */
  get telling(): boolean {
    return this.#telling > 0;
  }

  // What a connection sends.

  /** Puts voice and picture on a new connection. */
  async fill(peer: Peer): Promise<void> {
    if (!this.#board.sends) return;
    const { camera, picture } = this.#board.now;
    await peer.put('microphone', this.#voice?.sent ?? null);
    await peer.put('camera', camera ? picture : null);
  }

  /** Puts the screen on a new connection that is negotiated. */
  async fillScreen(peer: Peer): Promise<void> {
    const { screen } = this.#board.now;
    if (!screen || !this.#board.sends) return;
    await peer.put('screen', screen);
    if (this.#screenSound) await peer.put('screen-sound', this.#screenSound);
  }

  /** Puts on a new connection what has become another since it was filled. */
  async refill(peer: Peer, before: { picture: unknown; camera: boolean; screen: unknown }): Promise<void> {
    const { picture, camera, screen } = this.#board.now;
    if (this.#board.sends) await peer.put('microphone', this.#voice?.sent ?? null);
    if (picture !== before.picture || camera !== before.camera) await peer.put('camera', camera ? picture : null);
    if (screen !== before.screen) await peer.put('screen', screen);
  }

  // The microphone.

  /** Listens to the own microphone, to say so when somebody speaks and is not heard. What is sent is a copy of its own. */
  #hear(track: MediaStreamTrack, on: boolean): void {
    this.#unhear();
    const sent = track.clone();
    sent.enabled = on;
    let loud = 0;
    const stop = listen(track, (level) => {
      loud = level > SPEAKING ? loud + 1 : Math.max(0, loud - 1);
      const { microphone, unheard: said } = this.#board.now;
      const unheard = !microphone && loud > 10;
      if (unheard !== said && (unheard || loud === 0)) this.#board.set({ unheard });
    });
    track.onended = () => void this.setMicrophone(false);
    this.#voice = { own: track, sent, stop };
  }

  #unhear(): void {
    this.#voice?.stop();
    mute(this.#voice?.own);
    mute(this.#voice?.sent);
    this.#voice = null;
  }

  #turnMicrophone(on: boolean): void {
    if (this.#voice) this.#voice.sent.enabled = on;
    this.#board.set({ microphone: on, ...(on && { unheard: false, askedToUnmute: false }) });
  }

  async setMicrophone(on: boolean): Promise<void> {
    if (on && this.#mayNot) return;
    keepOn('microphone', on);
    if (on && (!this.#voice || this.#voice.own.readyState === 'ended')) {
      if (!this.#opening.has('microphone')) await this.#open('microphone', capture('microphone'));
      return;
    }
    this.#opening.delete('microphone');
    await this.#voiceOn(on);
  }

  /** Speaks by a microphone that has just been opened. */
  async #speak(track: MediaStreamTrack): Promise<void> {
    this.#hear(track, true);
    this.#lacks('microphone', null);
    await this.#put('microphone', this.#voice?.sent ?? null).catch(ignore);
    await this.#voiceOn(true);
  }

  async #voiceOn(on: boolean): Promise<void> {
    this.#turnMicrophone(on);
    if (this.#board.now.phase === 'in' && !(await this.#say({ microphone: on })) && on) {
      this.#turnMicrophone(false);
      this.#board.say('unmuteRefused');
    }
  }

  /** Who only listens turns nothing on. */
  get #mayNot(): boolean {
    return !this.#board.sends && this.#board.now.phase === 'in';
  }

  /** Says why a device gives nothing; null when it does. */
  #lacks(kind: 'camera' | 'microphone', thrown: unknown): void {
    const why = thrown === null ? null : whyMissing(thrown);
    this.#board.set({ missing: { ...this.#board.now.missing, [kind]: why } });
  }

  // The camera.

  async setCamera(on: boolean): Promise<void> {
    if (on && this.#mayNot) return;
    keepOn('camera', on);
    if (on) {
      if (!this.#opening.has('camera')) await this.#open('camera', capture('camera'));
      return;
    }
    this.#opening.delete('camera');
    this.#dropCamera();
    await this.#say({ camera: false });
  }

  /** Shows the picture of a camera that has just been opened. */
  async #show(picture: MediaStreamTrack): Promise<void> {
    picture.onended = () => void this.setCamera(false);
    this.#board.set({ picture, camera: true });
    this.#lacks('camera', null);
    await this.#put('camera', picture).catch(ignore);
    if (this.#board.now.phase === 'in' && !(await this.#say({ camera: true }))) this.#dropCamera();
  }

  #dropCamera(): void {
    const { picture } = this.#board.now;
    if (picture) picture.onended = null;
    mute(picture);
    this.#board.set({ picture: null, camera: false });
    void this.#put('camera', null).catch(ignore);
  }

  /** Takes another camera or microphone, and keeps the choice. */
  async use(kind: 'camera' | 'microphone', id: string): Promise<void> {
    choose(kind, id);
    const on = this.#board.now[kind];
    try {
      if (kind === 'camera') {
        if (!on && !this.#opening.delete('camera')) return;
        mute(this.#board.now.picture);
        await this.setCamera(true);
      } else if (this.#voice) {
        this.#hear(await capture('microphone', id), on);
        await this.#put('microphone', this.#voice.sent);
      }
    } catch (thrown) {
      this.#lacks(kind, thrown);
    }
  }

  // The screen.

  async setSharing(on: boolean): Promise<void> {
    if (!on) {
      this.#dropScreen();
      await this.#say({ sharing: false });
      return;
    }
    if (!this.#board.sends) return;
    let taken: Awaited<ReturnType<typeof captureScreen>>;
    try {
      taken = await captureScreen();
    } catch (thrown) {
      // Who closes the browser's question has changed their mind.
      if (whyMissing(thrown) !== 'refused') this.#board.say('sharingFailed');
      return;
    }
    const { picture, sound } = taken;
    picture.onended = () => void this.setSharing(false);
    this.#screenSound = sound;
    this.#board.set({ sharing: true, screen: picture });
    try {
      await this.#put('screen', picture);
      if (sound) await this.#put('screen-sound', sound);
    } catch {
      this.#dropScreen();
      this.#board.say('sharingFailed');
      return;
    }
    if (!(await this.#say({ sharing: true }))) {
      this.#dropScreen();
      this.#board.say('sharingRefused');
    }
  }

  #dropScreen(): void {
    const { screen } = this.#board.now;
    if (screen) screen.onended = null;
    mute(screen);
    mute(this.#screenSound);
    this.#screenSound = null;
    this.#board.set({ screen: null, sharing: false });
    void this.#put('screen', null).catch(ignore);
    void this.#put('screen-sound', null).catch(ignore);
  }

  async setHand(up: boolean): Promise<void> {
    this.#board.set({ hand: up });
    if (!(await this.#say({ hand: up }))) this.#board.set({ hand: !up });
  }

  /** Gives every device back. */
  end(): void {
    this.#opening.clear();
    this.#unhear();
    const { picture, screen } = this.#board.now;
    mute(picture);
    mute(screen);
    mute(this.#screenSound);
    this.#board.set({ picture: null, screen: null, camera: false, microphone: false, sharing: false });
  }
}
