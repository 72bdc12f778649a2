import { useT } from '@gonghui/ui/base';
import { useContext, useEffect, useState } from 'react';
import { useRoom } from '../../parts/useRoom.ts';
import { Refused } from '../../signal/client.ts';
import type { Message } from '../../signal/messages.ts';
import { AskContext } from '../usePersonActs.tsx';

/** useTell says something to the server, and says so when it does not take it; true: it did. */
export function useTell(): (message: Message) => Promise<boolean> {
  const t = useT();
  const room = useRoom();
  const { say } = useContext(AskContext);
  return (message) =>
    room.ask(message).then(
      () => true,
      (thrown: unknown) => {
        const right = thrown instanceof Refused && thrown.reason === 'RIGHT';
        say(t(right ? 'meet.note.noRight' : 'meet.inside.rooms.failed'));
        return false;
      },
    );
}

/** useNow is the time, in milliseconds since 1970, as long as it is looked at. */
export function useNow(on: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!on) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}
