import { useT } from '@gonghui/ui/base';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { isVenue, onAir } from '../../room/inside.ts';

/** What one is among the venues: on air, or seen by those who lead alone. */
export function VenueBanner() {
  const t = useT();
  const { me, inside } = useSnapshot(useRoom()).state;
  const { venues } = inside;
  if (!venues.on) return null;
  const own = onAir(me, venues) ? 'onAir' : isVenue(me, venues) ? 'offAir' : 'watch';
  return (
    <div className={`hint ${own === 'onAir' ? 'bad on-air' : 'note'}`} role="status">
      <p>{t(`meet.inside.venue.${own}`)}</p>
    </div>
  );
}
