import { date, pick, useLocale, useT, useTheme } from '@gonghui/ui/base';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useRef } from 'react';
import { Link } from 'wouter';
import { AsOf } from '../parts/AsOf.tsx';
import { Failed } from '../parts/Failed.tsx';
import { NextIcon, QrIcon } from '../parts/icons.tsx';
import { Line } from '../parts/Line.tsx';
import { usePull } from '../parts/usePull.ts';
import { cardQuery, unionQuery } from '../queries.ts';
import { grouped } from '../rules/card.ts';
import { type Me, useMe } from '../session.ts';

const Block = lazy(() => import('./Blocks.tsx'));

/** The first page: the columns that the union shows, in its order. */
export default function Home() {
  const t = useT();
  const locale = useLocale();
  const { bodyName } = useTheme();
  const { capabilities, columns = asShipped } = useMe();
  const client = useQueryClient();
  const page = useRef<HTMLDivElement>(null);
  const refresh = useCallback(() => client.refetchQueries({ type: 'active' }), [client]);
  const pull = usePull(page, refresh);
  return (
    <div ref={page} className="stack">
      <div className="pull small" style={{ height: pull.by }} aria-live="polite">
        {pull.state === 'ready' && t('member.release')}
        {pull.state === 'busy' && t('member.refreshing')}
      </div>
      <h1 className="page-title">{bodyName}</h1>
      {columns
        .filter((column) => column.place === 'portal')
        .map((column) => {
          if (column.kind === 'group') return <Links key={column.key} column={column} />;
          if (column.key === 'union') return <Union key={column.key} />;
          if (column.key === 'file' || column.key === 'figures' || column.key === 'apps') {
            return (
              <Suspense key={column.key} fallback={<span className="grey block-grey" />}>
                <Block name={column.key} title={pick(locale, column.titleZh, column.titleEn)} />
              </Suspense>
            );
          }
          return (
            column.key === 'card' && (capabilities.includes('member.own') ? <Card key="card" /> : <NoCard key="card" />)
          );
        })}
    </div>
  );
}

/** Until the first answer that knows of columns replaces what the device kept. */
const asShipped: Me['columns'] = ['card', 'union'].map((key) => ({
  place: 'portal',
  key,
  kind: 'column',
  titleZh: '',
  titleEn: '',
  links: [],
}));

function Links({ column }: { column: Me['columns'][number] }) {
  const locale = useLocale();
  const t = useT();
  return (
    <section className="stack" aria-label={pick(locale, column.titleZh, column.titleEn)}>
      <h2 className="section-title">{pick(locale, column.titleZh, column.titleEn)}</h2>
      <div className="panel rows">
        {column.links.map((link) => (
          <a key={link.key} className="row" href={link.url} target="_blank" rel="noopener noreferrer">
            {pick(locale, link.titleZh, link.titleEn)}
            <span className="unseen">{t('member.away')}</span>
            <NextIcon />
          </a>
        ))}
      </div>
    </section>
  );
}

function Card() {
  const t = useT();
  const query = useQuery(cardQuery());
  const { data: card } = query;
  if (!card) {
    if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
    return <span className="grey card-grey" />;
  }
  const active = card.state === 'active';
  return (
    <>
      <section className={active ? 'card-face' : 'card-face card-ended'} aria-labelledby="card-title">
        <div className="card-top">
          <h2 id="card-title">{t('member.card.title')}</h2>
          <span className="card-state">{t(`member.card.state.${card.state}`)}</span>
        </div>
        <p className="card-name">{card.name}</p>
        <p className="card-no num">
          <span className="unseen">{t('member.card.no')}</span>
          {grouped(card.memberNo)}
        </p>
        <dl className="card-facts">
          <div>
            <dt>{t('member.card.union')}</dt>
            <dd>{card.bodyName}</dd>
          </div>
          <div>
            <dt>{t('member.card.joined')}</dt>
            <dd className="num">{date(card.joinedOn) || t('member.card.unknown')}</dd>
          </div>
        </dl>
        {active && (
          <Link href="/card" className="card-show">
            <QrIcon />
            {t('member.card.show')}
          </Link>
        )}
      </section>
      {!active && <p>{t('member.card.ended', { body: card.bodyName })}</p>}
      <AsOf query={query} />
    </>
  );
}

function NoCard() {
  const t = useT();
  const { place } = useMe();
  return (
    <section className="panel state">
      <h2 className="state-title">{t('member.card.none')}</h2>
      <p>{t('member.card.noneBody', { body: place.bodyName, role: t(`role.${place.role}`) })}</p>
    </section>
  );
}

function Union() {
  const t = useT();
  const union = useQuery(unionQuery());
  return (
    <section className="stack" aria-labelledby="union-title">
      <h2 id="union-title" className="section-title">
        {t('member.union.title')}
      </h2>
      {union.data ? (
        <div className="panel rows">
          <div className="row-plain">
            <Line union={union.data} />
          </div>
          <Link className="row" href="/union">
            {t('member.union.more')}
            <NextIcon />
          </Link>
        </div>
      ) : union.error ? (
        <Failed error={union.error} retry={() => void union.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
    </section>
  );
}
