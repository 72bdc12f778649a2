import { useEffect } from 'react';
import { useRoom } from '../parts/useRoom.ts';
import { Refused } from '../signal/client.ts';

/**
 * Who has no session on this host (a guest, somebody of another body) and has scanned the code of the hall gets a window that does not
 * know them. The window in which they are in the meeting does: it is asked, and signs in over its own connection.
 */

const CHANNEL = 'gonghui.meet.hall';
/** Milliseconds after which no window is taken to be in the meeting. */
const PATIENCE = 4000;

interface Question {
  id: string;
  number: string;
  code: string;
}

/** The title of the meeting, or why not: the reason of the refusal. */
export interface Answer {
  title?: string;
  reason?: string;
}

const channel = () => (typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL));

/** askWindow has the window sign in that is in the meeting; null when there is none in this browser. */
export function askWindow(number: string, code: string, within = PATIENCE): Promise<Answer | null> {
  const line = channel();
  if (!line) return Promise.resolve(null);
  const id = String(Math.random());
  return new Promise((done) => {
    const finish = (answer: Answer | null) => {
      clearTimeout(late);
      line.close();
      done(answer);
    };
    const late = setTimeout(() => finish(null), within);
    line.onmessage = ({ data }: MessageEvent<Partial<Answer & Question>>) => {
      if (data.id === id && data.code === undefined) finish({ title: data.title, reason: data.reason });
    };
    line.postMessage({ id, number, code } satisfies Question);
  });
}

/** answerWindows signs in by what other windows have read, until it is ended. */
export function answerWindows(number: string, sign: (code: string) => Promise<string>): () => void {
  const line = channel();
  if (!line) return () => undefined;
  line.onmessage = ({ data }: MessageEvent<Partial<Question>>) => {
    const { id, code } = data;
    if (!id || !code || data.number !== number) return;
    void sign(code).then(
      (title) => line.postMessage({ id, title }),
      (thrown: unknown) => line.postMessage({ id, reason: thrown instanceof Refused ? thrown.reason : 'INTERNAL' }),
    );
  };
  return () => line.close();
}

/** Signs in for other windows of this browser while the page is in the meeting. */
export function useHallCode(number: string): void {
  const room = useRoom();
  useEffect(
    () =>
      answerWindows(number, async (code) => {
        await room.vote({ do: 'sign', code });
        return room.snapshot().title;
      }),
    [room, number],
  );
}
