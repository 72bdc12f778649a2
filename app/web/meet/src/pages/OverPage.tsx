import { useT } from '@gonghui/ui/base';
import { lazy, Suspense } from 'react';
import { Card } from './Card.tsx';

export type Over =
  | 'left'
  | 'ended'
  | 'cancelled'
  | 'removed'
  | 'refused'
  | 'elsewhere'
  | 'lost'
  | 'restart'
  | 'locked'
  | 'missing'
  | 'off';

const Films = lazy(() => import('./Films.tsx'));

/** From which of them there is a way back in. */
const again: readonly Over[] = ['left', 'elsewhere', 'lost', 'restart', 'removed', 'refused', 'locked'];

interface Props {
  why: Over;
  rejoin?: () => void;
  /** The meeting, for who may watch what was recorded of it. */
  meeting?: string;
}

/** Why there is no meeting on the screen, and what to do next. */
export function OverPage({ why, rejoin, meeting }: Props) {
  const t = useT();
  const back = rejoin && again.includes(why);
  return (
    <Card wide={meeting !== undefined}>
      <h1>{t(`meet.over.${why}.title`)}</h1>
      <p className="about">{t(`meet.over.${why}.body`)}</p>
      {meeting && (
        <Suspense>
          <Films meeting={meeting} />
        </Suspense>
      )}
      <div className="buttons">
        {back && (
          <button type="button" className="button main" onClick={rejoin}>
            {t('meet.over.rejoin')}
          </button>
        )}
        {why !== 'off' && (
          <a className={`button${back ? '' : ' main'}`} href="/meet/">
            {t('meet.over.other')}
          </a>
        )}
        <a className="button" href="/">
          {t('meet.over.home')}
        </a>
      </div>
    </Card>
  );
}
