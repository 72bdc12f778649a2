import { useT } from '@gonghui/ui/base';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { AsOf } from '../../parts/AsOf.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { NextIcon } from '../../parts/icons.tsx';
import { useTitle } from '../../parts/useTitle.ts';
import { fileQuery, requestsQuery } from '../../queries.ts';
import { grouped } from '../../rules/card.ts';
import { type FieldName, groups, worded } from './fields.ts';
import { RequestCard } from './RequestCard.tsx';

/** The own file, and the way to have it changed. */
export default function FilePage() {
  const t = useT();
  useTitle(t('member.file.title'));
  const query = useQuery(fileQuery());
  if (!query.data) {
    if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
    return <span className="grey card-grey" />;
  }
  const { fields, memberNo, state } = query.data;
  const facts = (names: readonly FieldName[]) =>
    names.map((name) => ({ label: t(`member.field.${name}`), value: worded(t, name, fields[name]) }));
  return (
    <>
      <h1 className="page-title">{t('member.file.title')}</h1>
      <AsOf query={query} />
      <OpenRequest />
      <h2 className="section-title">{t('member.file.group.person')}</h2>
      <Facts facts={facts(groups.person)} />
      <h2 className="section-title">{t('member.file.group.work')}</h2>
      <Facts facts={facts(groups.work)} />
      <h2 className="section-title">{t('member.file.group.membership')}</h2>
      <Facts
        facts={[
          { label: t('member.file.memberNo'), value: <span className="num">{grouped(memberNo)}</span> },
          { label: t('member.file.state'), value: t(`member.card.state.${state}`) },
          ...facts(groups.membership),
        ]}
      />
      <p className="small">{t('member.file.masked')}</p>
      {state === 'active' && (
        <Link className="button button-primary" href="/file/change">
          {t('member.file.change')}
        </Link>
      )}
      <section className="panel rows">
        <Link className="row" href="/file/requests">
          <span className="row-words">
            <span>{t('member.file.history')}</span>
            <span className="small">{t('member.file.historyHelp')}</span>
          </span>
          <NextIcon />
        </Link>
      </section>
    </>
  );
}

/** The request that waits for the union, if there is one. */
function OpenRequest() {
  const t = useT();
  const { data } = useInfiniteQuery(requestsQuery());
  const open = data?.pages[0]?.requests.find((one) => one.state === 'open');
  if (!open) return null;
  return (
    <section className="stack" aria-labelledby="open-title">
      <h2 id="open-title" className="section-title">
        {t('member.request.open')}
      </h2>
      <RequestCard request={open} />
    </section>
  );
}
