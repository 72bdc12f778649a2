import { date, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { AsOf } from '../../parts/AsOf.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { QrIcon } from '../../parts/icons.tsx';
import { cardQuery } from '../../queries.ts';
import { grouped } from '../../rules/card.ts';
import { useMe } from '../../session.ts';

/** The membership card; who has none hears why. */
export default function CardBlock() {
  const { capabilities } = useMe();
  return capabilities.includes('member.own') ? <Card /> : <NoCard />;
}

/** Digits of a member number, for the card on its way. */
const NUMBER = '0'.repeat(16);

function Card() {
  const t = useT();
  const { name, place } = useMe();
  const query = useQuery(cardQuery());
  const { data: card } = query;
  if (!card && query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const active = !card || card.state === 'active';
  // On its way the card has the size that it will have: nothing below moves when it comes.
  const shown = card ?? { name, bodyName: place.bodyName, memberNo: NUMBER, joinedOn: '' };
  return (
    <>
      <section
        className={active ? 'card-face' : 'card-face card-ended'}
        aria-labelledby="card-title"
        data-coming={card ? undefined : true}
        aria-busy={card ? undefined : true}
      >
        <div className="card-top">
          <h2 id="card-title">{t('member.card.title')}</h2>
          <span className="card-state">{t(`member.card.state.${card?.state ?? 'active'}`)}</span>
        </div>
        <p className="card-name">{shown.name}</p>
        <p className="card-no num">
          <span className="unseen">{t('member.card.no')}</span>
          {grouped(shown.memberNo)}
        </p>
        <dl className="card-facts">
          <div>
            <dt>{t('member.card.union')}</dt>
            <dd>{shown.bodyName}</dd>
          </div>
          <div>
            <dt>{t('member.card.joined')}</dt>
            <dd className="num">{date(shown.joinedOn) || t('member.card.unknown')}</dd>
          </div>
        </dl>
        {active && (
          <Link href="/card" className="card-show">
            <QrIcon />
            {t('member.card.show')}
          </Link>
        )}
      </section>
      {card && !active && <p>{t('member.card.ended', { body: card.bodyName })}</p>}
      {card && <AsOf query={query} />}
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
