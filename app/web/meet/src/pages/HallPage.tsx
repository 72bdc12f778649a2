import { ApiError, api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useEffect, useState } from 'react';
import { Busy, Card } from './Card.tsx';
import { askWindow } from './hallCode.ts';
import type { Address } from './meeting.ts';

/** What became of it: signed in; who it is must be said first; or why not. */
type Outcome = { at: 'done'; title: string } | { at: 'who' } | { at: 'failed'; error: ApiError | 'stale' | 'tries' };

/** Signs in by the session of this host; without one, the window in which the person is in the meeting does it. */
async function signs(number: string, code: string): Promise<Outcome> {
  try {
    return { at: 'done', title: (await take(api.POST('/v1/meetings:signPresent', { body: { number, code } }))).title };
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.reason !== 'SESSION_REQUIRED') return { at: 'failed', error };
  }
  const answer = await askWindow(number, code);
  if (!answer) return { at: 'who' };
  if (answer.title !== undefined) return { at: 'done', title: answer.title };
  return { at: 'failed', error: answer.reason === 'RATE' ? 'tries' : 'stale' };
}

/** For who sits in the hall and has scanned the code on its screen: signs in, and that is all. */
export function HallPage({ address: { number, code } }: { address: Address }) {
  const t = useT();
  const locale = useLocale();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  useEffect(() => {
    void signs(number, code).then(setOutcome);
  }, [number, code]);
  if (!outcome)
    return (
      <Card>
        <Busy text={t('meet.hall.working')} />
      </Card>
    );
  switch (outcome.at) {
    case 'done':
      return (
        <Card>
          <h1>{t('meet.hall.done')}</h1>
          <p className="about">{t('meet.hall.doneBody', { title: outcome.title })}</p>
          <div className="buttons">
            <a className="button" href={`/meet/${number}`}>
              {t('meet.hall.join')}
            </a>
          </div>
        </Card>
      );
    case 'who':
      return (
        <Card>
          <h1>{t('meet.hall.who')}</h1>
          <p className="about">{t('meet.hall.whoBody')}</p>
          <div className="buttons">
            <a className="button main" href="/">
              {t('meet.signIn.member')}
            </a>
            <a className="button" href="/console/sign-in">
              {t('meet.signIn.staff')}
            </a>
          </div>
        </Card>
      );
    case 'failed':
      return (
        <Card>
          <h1>{t('meet.hall.failed')}</h1>
          <p className="about">
            {outcome.error instanceof ApiError ? outcome.error.text(locale) : t(`meet.hall.${outcome.error}`)}
          </p>
        </Card>
      );
  }
}
