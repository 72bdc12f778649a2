import type { Missing } from '../media/devices.ts';
import type { View } from '../media/places.ts';
import type { Trouble } from '../media/stats.ts';
import type { Why } from '../signal/messages.ts';
import { nothing, type State } from './state.ts';

/** Something that happened and is said once. */
export interface Note {
  id: number;
  /** Key of a text. */
  what: string;
  name?: string;
  /** What somebody says to all. */
  text?: string;
}

/** How a meeting stands for the page that draws it. */
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

export const blank: Snapshot = {
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
