import { useT } from '@gonghui/ui/base';
import { Busy, Card } from './Card.tsx';

/** Before a meeting: in its waiting room, or because it has not begun. */
export function Wait({ title, why, leave }: { title: string; why: 'host' | 'closed'; leave: () => void }) {
  const t = useT();
  return (
    <Card>
      <h1>{title || t('meet.wait.title')}</h1>
      <Busy text={t(`meet.wait.${why}`)} />
      <div className="buttons">
        <button type="button" className="button" onClick={leave}>
          {t('meet.wait.leave')}
        </button>
      </div>
    </Card>
  );
}
