import { api, type Schemas, take } from '@gonghui/api';
import { date, useT, useTheme } from '@gonghui/ui/base';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { Failed } from '../parts/Failed.tsx';
import { usePull } from '../parts/usePull.ts';
import { grouped, lineage } from '../rules/card.ts';
import { useMe } from '../session.ts';

/** The card and the union of the member. */
export default function Home() {
  const t = useT();
  const { bodyName } = useTheme();
  const { capabilities } = useMe();
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
      {capabilities.includes('member.own') ? <Card /> : <NoCard />}
      <Union />
    </div>
  );
}

function Card() {
  const own = useQuery({ queryKey: ['own-member'], queryFn: () => take(api.GET('/v1/own/member')) });
  if (own.error && !own.data) return <Failed error={own.error} retry={() => void own.refetch()} />;
  if (!own.data) return <span className="grey card-grey" />;
  return <CardFace member={own.data} />;
}

function CardFace({ member }: { member: Schemas['Member'] }) {
  const t = useT();
  const { bodyName } = useTheme();
  const { name, joinedOn } = member.fields;
  return (
    <section className="card-face" aria-labelledby="card-title">
      <div className="card-top">
        <h2 id="card-title">{t('member.card.title')}</h2>
        <span className="card-state">{t(`member.card.state.${member.state}`)}</span>
      </div>
      <p className="card-name">{name}</p>
      <p className="card-no num">
        <span className="unseen">{t('member.card.no')}</span>
        {grouped(member.memberNo)}
      </p>
      <dl className="card-facts">
        <div>
          <dt>{t('member.card.union')}</dt>
          <dd>{bodyName}</dd>
        </div>
        <div>
          <dt>{t('member.card.joined')}</dt>
          <dd className="num">{date(joinedOn) || t('member.card.unknown')}</dd>
        </div>
      </dl>
    </section>
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
  const union = useQuery({ queryKey: ['union'], queryFn: () => take(api.GET('/v1/body')) });
  return (
    <section className="stack" aria-labelledby="union-title">
      <h2 id="union-title" className="section-title">
        {t('member.union.title')}
      </h2>
      {union.data ? (
        <UnionFace union={union.data} />
      ) : union.error ? (
        <Failed error={union.error} retry={() => void union.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
    </section>
  );
}

function UnionFace({ union }: { union: Schemas['GetOwnBodyReply'] }) {
  const t = useT();
  const { body, ancestors, otherAncestors } = union;
  const direct = otherAncestors.at(-1);
  return (
    <div className="panel">
      <p className="small">{t('member.union.line')}</p>
      <ol className="line">
        {lineage(ancestors, body).map((one) => (
          <li key={one.code} className={one.code === body.code ? 'line-own' : undefined}>
            <span>{one.name}</span>
            {one.code === body.code && (
              <span className="small">
                {body.foundedOn ? t('member.union.founded', { date: date(body.foundedOn) }) : t('member.union.own')}
              </span>
            )}
          </li>
        ))}
      </ol>
      {direct && <p className="small">{t('member.union.other', { name: direct.name })}</p>}
    </div>
  );
}
