import { date, useT, useTheme } from '@gonghui/ui/base';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { encode } from 'uqr';
import { Link, useLocation } from 'wouter';
import { AsOf } from '../../parts/AsOf.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { CloseIcon } from '../../parts/icons.tsx';
import { useAwake } from '../../parts/useAwake.ts';
import { useTitle } from '../../parts/useTitle.ts';
import { cardQuery } from '../../queries.ts';
import { grouped } from '../../rules/card.ts';
import { codeMaker, stepAt } from '../../rules/code.ts';
import { qrPath } from '../../rules/qr.ts';

type Card = NonNullable<
  UseQueryResult<Awaited<ReturnType<NonNullable<ReturnType<typeof cardQuery>['queryFn']>>>>['data']
>;

/** The card as it is shown to an officer: white and full-screen also in the dark, the screen stays on. */
export default function CardPage() {
  const t = useT();
  useTitle(t('member.card.title'));
  const { bodyName } = useTheme();
  const [, go] = useLocation();
  const query = useQuery(cardQuery());
  const page = useRef<HTMLElement>(null);
  useAwake();
  useEffect(() => {
    page.current?.focus();
    const back = (event: KeyboardEvent) => event.key === 'Escape' && go('/');
    document.addEventListener('keydown', back);
    return () => document.removeEventListener('keydown', back);
  }, [go]);
  const card = query.data;
  return (
    <main ref={page} className="bright" tabIndex={-1} aria-labelledby="bright-title">
      <div className="bright-top">
        <h1 id="bright-title">{t('member.card.title')}</h1>
        <Link href="/" className="bright-close" aria-label={t('act.close')}>
          <CloseIcon />
        </Link>
      </div>
      {card ? (
        <>
          <p className="bright-body">{card.bodyName || bodyName}</p>
          {card.state === 'active' ? (
            <Code card={card} />
          ) : (
            <div className="bright-ended" role="alert">
              <p className="bright-state">{t(`member.card.state.${card.state}`)}</p>
              <p>{t('member.card.ended', { body: card.bodyName })}</p>
            </div>
          )}
          <dl className="bright-facts">
            <div>
              <dt className="unseen">{t('member.field.name')}</dt>
              <dd className="bright-name">{card.name}</dd>
            </div>
            <div>
              <dt className="unseen">{t('member.card.no')}</dt>
              <dd className="num">{grouped(card.memberNo)}</dd>
            </div>
            <div>
              <dt>{t('member.card.joined')}</dt>
              <dd className="num">{date(card.joinedOn) || t('member.card.unknown')}</dd>
            </div>
          </dl>
          <AsOf query={query} />
        </>
      ) : query.error ? (
        <>
          <Failed error={query.error} retry={() => void query.refetch()} />
          <p>{t('member.card.nothing')}</p>
        </>
      ) : (
        <p role="status">{t('member.card.making')}</p>
      )}
    </main>
  );
}

/** The code of the present step, made on the phone. */
function Code({ card }: { card: Card }) {
  const t = useT();
  const { head, secret, offset } = card;
  const [now, setNow] = useState(() => Date.now());
  const [code, setCode] = useState('');
  const { step, left } = stepAt((now + offset) / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const possible = !!globalThis.crypto?.subtle;
  useEffect(() => {
    if (!possible) return;
    let current = true;
    const make = async () => {
      const text = await (await codeMaker(head, secret))(step);
      if (current) setCode(text);
    };
    void make();
    return () => {
      current = false;
    };
  }, [head, secret, step, possible]);
  if (!possible) return <p role="alert">{t('member.card.insecure')}</p>;
  if (!code) return <span className="grey bright-code" />;
  const { data, size } = encode(code, { ecc: 'M', border: 2 });
  return (
    <>
      <svg
        className="bright-code"
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('member.card.picture', { left })}
        data-code={code}
      >
        <path d={qrPath(data)} fill="#000" />
      </svg>
      <p className="small">{t('member.card.hold')}</p>
      <p className="small num">{t('member.card.left', { left })}</p>
    </>
  );
}
