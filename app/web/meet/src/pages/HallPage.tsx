import { type ApiError, api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useEffect, useState } from 'react';
import { Busy, Card } from './Card.tsx';
import type { Address } from './meeting.ts';

/** For who sits in the hall and has scanned the code on its screen: signs in, and that is all. */
export function HallPage({ address: { number, code } }: { address: Address }) {
  const t = useT();
  const locale = useLocale();
  const [title, setTitle] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  useEffect(() => {
    take(api.POST('/v1/meetings:signPresent', { body: { number, code } })).then(
      (reply) => setTitle(reply.title),
      (thrown: unknown) => setFault(asApiError(thrown)),
    );
  }, [number, code]);
  const stranger = fault?.reason === 'SESSION_REQUIRED';
  return (
    <Card>
      {fault ? (
        <>
          <h1>{t(stranger ? 'meet.hall.who' : 'meet.hall.failed')}</h1>
          <p className="about">{stranger ? t('meet.hall.whoBody') : fault.text(locale)}</p>
          {stranger && (
            <div className="buttons">
              <a className="button main" href="/">
                {t('meet.signIn.member')}
              </a>
              <a className="button" href="/console/sign-in">
                {t('meet.signIn.staff')}
              </a>
            </div>
          )}
        </>
      ) : title ? (
        <>
          <h1>{t('meet.hall.done')}</h1>
          <p className="about">{t('meet.hall.doneBody', { title })}</p>
          <div className="buttons">
            <a className="button" href={`/meet/${number}`}>
              {t('meet.hall.join')}
            </a>
          </div>
        </>
      ) : (
        <Busy text={t('meet.hall.working')} />
      )}
    </Card>
  );
}
