import { beforeEach, expect, test, vi } from 'vitest';
import { Refused } from '../signal/client.ts';
import type { Message } from '../signal/messages.ts';
import { Board } from './board.ts';
import { OwnThings } from './own.ts';
import type { Talk } from './talk.ts';

vi.mock('../media/level.ts', () => ({ SPEAKING: 0.1, listen: () => () => undefined }));

interface Track {
  kind: string;
  readyState: string;
  enabled: boolean;
  stop: () => void;
  clone: () => Track;
}

function track(kind: 'camera' | 'microphone'): Track & MediaStreamTrack {
  const one: Track = {
    kind,
    readyState: 'live',
    enabled: true,
    stop: () => {
      one.readyState = 'ended';
    },
    clone: () => track(kind),
  };
  return one as Track & MediaStreamTrack;
}

let board: Board;
let own: OwnThings;
let said: Message[];
let sent: [string, MediaStreamTrack | null][];
let captured: ((track: MediaStreamTrack) => void)[];
let refuse: boolean;

beforeEach(() => {
  said = [];
  sent = [];
  captured = [];
  refuse = false;
  board = new Board();
  const talk = {
    used: {},
    ask: async (message: Message) => {
      said.push(message);
      if (refuse) throw new Refused('RIGHT');
      return {};
    },
  } as unknown as Talk;
  own = new OwnThings(board, talk, async (source, one) => {
    sent.push([source, one]);
  });
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: () =>
        new Promise((done) => captured.push((one) => done({ getTracks: () => [one] } as unknown as MediaStream))),
    },
  });
});

const settle = () => new Promise((done) => setTimeout(done));

test('what was on at the door is on at once', () => {
  const [voice, picture] = [track('microphone'), track('camera')];
  own.bring(voice, picture);
  expect(board.now).toMatchObject({ microphone: true, camera: true, picture });
});

test('a camera that was still opening at the door goes on by itself', async () => {
  let opens: (track: MediaStreamTrack) => void = () => undefined;
  own.bring(
    null,
    new Promise((done) => {
      opens = done;
    }),
  );
  board.set({ phase: 'in' });
  expect(board.now.camera).toBe(false);
  // Who presses the button meanwhile does not open it twice.
  await own.setCamera(true);
  expect(captured).toHaveLength(0);
  const picture = track('camera');
  opens(picture);
  await settle();
  expect(board.now).toMatchObject({ camera: true, picture });
  expect(sent).toEqual([['camera', picture]]);
  expect(said).toEqual([{ own: { camera: true } }]);
});

test.each([
  ['turned off meanwhile', () => own.setCamera(false)],
  ['the meeting is over', async () => own.end()],
])('a camera that opens too late is given back: %s', async (_, meanwhile) => {
  let opens: (track: MediaStreamTrack) => void = () => undefined;
  own.bring(
    null,
    new Promise((done) => {
      opens = done;
    }),
  );
  await meanwhile();
  const picture = track('camera');
  opens(picture);
  await settle();
  expect(picture.readyState).toBe('ended');
  expect(board.now.camera).toBe(false);
});

test('a device that was refused after the door is said to be missing', async () => {
  own.bring(Promise.reject(new DOMException('', 'NotAllowedError')), null);
  await settle();
  expect(board.now.missing).toEqual({ camera: null, microphone: 'refused' });
});

test('a microphone is opened once, and stays open', async () => {
  board.set({ phase: 'in' });
  const opening = own.setMicrophone(true);
  const voice = track('microphone');
  captured[0]?.(voice);
  await opening;
  expect(board.now.microphone).toBe(true);
  await own.setMicrophone(false);
  expect(voice.readyState).toBe('live');
  expect(sent[0]?.[1]?.enabled).toBe(false);
  await own.setMicrophone(true);
  expect(captured).toHaveLength(1);
  expect(said).toHaveLength(3);
});

test('who may not be heard is not', async () => {
  board.set({ phase: 'in' });
  own.bring(track('microphone'), null);
  refuse = true;
  await own.setMicrophone(true);
  expect(board.now.microphone).toBe(false);
  expect(board.now.notes.map(({ what }) => what)).toEqual(['unmuteRefused']);
});
