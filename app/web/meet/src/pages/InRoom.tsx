import { useT } from '@gonghui/ui/base';
import { RoomContext, useSnapshot } from '../parts/useRoom.ts';
import type { Room } from '../room/room.ts';
import { Busy, Card } from './Card.tsx';
import { MeetingPage } from './MeetingPage.tsx';
import type { Address } from './meeting.ts';
import { OverPage } from './OverPage.tsx';
import { Wait } from './Wait.tsx';

export { Room } from '../room/room.ts';

/** A meeting from its waiting room to its end. */
export function InRoom({ room, address, again }: { room: Room; address: Address; again: () => void }) {
  const t = useT();
  const { phase, why, title } = useSnapshot(room);
  const link = `${location.origin}/meet/${address.number}${address.key ? `#key=${address.key}` : ''}`;
  if (phase === 'over') return <OverPage why={why} rejoin={again} />;
  if (phase === 'waiting') return <Wait title={title} why="host" leave={() => void room.leave()} />;
  if (phase === 'joining')
    return (
      <Card>
        <Busy text={t('meet.door.joining')} />
      </Card>
    );
  return (
    <RoomContext value={room}>
      <MeetingPage number={address.number} link={link} />
    </RoomContext>
  );
}
