import { chosen } from '../media/devices.ts';
import type { Board } from './board.ts';
import { ignore } from './ignore.ts';

/** What is heard: one element for each line of sound. */
export class Sounds {
  readonly #board: Board;
  readonly #lines = new Map<string, HTMLAudioElement>();

  constructor(board: Board) {
    this.#board = board;
  }

  hear(mid: string, track: MediaStreamTrack): void {
    const sound = this.#lines.get(mid) ?? new Audio();
    this.#lines.set(mid, sound);
    sound.srcObject = new MediaStream([track]);
    void sink(sound).then(() => this.#play(sound));
  }

  async #play(sound: HTMLAudioElement): Promise<void> {
    try {
      await sound.play();
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'NotAllowedError') this.#board.set({ silent: true });
    }
  }

  /** Plays what the browser held back; for a touch of the person. */
  unlock(): void {
    this.#board.set({ silent: false });
    for (const sound of this.#lines.values()) void this.#play(sound);
  }

  /** Comes out of the speaker that was chosen. */
  async turn(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(sink));
  }

  end(): void {
    for (const sound of this.#lines.values()) sound.srcObject = null;
  }
}

async function sink(sound: HTMLAudioElement): Promise<void> {
  if ('setSinkId' in sound) await sound.setSinkId(chosen('speaker')).catch(ignore);
}
