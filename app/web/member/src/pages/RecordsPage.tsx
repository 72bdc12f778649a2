import { dateTime, pick, useLocale, useT } from '@gonghui/ui/base';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../parts/Button.tsx';
import { Failed } from '../parts/Failed.tsx';
import { SubPage } from '../parts/SubPage.tsx';
import { recordsQuery } from '../queries.ts';

/** What the own account has done, newest first. */
export default function RecordsPage() {
  const t = useT();
  const locale = useLocale();
  const list = useInfiniteQuery(recordsQuery());
  const acts = list.data?.pages.flatMap((page) => page.acts);
  return (
    <SubPage title={t('member.records.title')} purpose={t('member.records.purpose')} back="/me">
      {acts && acts.length > 0 && (
        <ul className="panel rows records">
          {acts.map((act) => (
            <li key={act.id} className="row">
              <span className="row-words">
                <span>
                  {pick(locale, act.actZh, act.actEn)}
                  {act.result === 'refused' && (
                    <strong className="record-refused">{t('member.records.refused')}</strong>
                  )}
                </span>
                <span className="small num">{[dateTime(act.at), act.source].filter(Boolean).join(' · ')}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {acts?.length === 0 && (
        <section className="panel state">
          <h2 className="state-title">{t('member.records.none')}</h2>
          <p>{t('member.records.noneBody')}</p>
        </section>
      )}
      {list.isPending && <span className="grey union-grey" />}
      {list.error && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('member.records.more')}
        </Button>
      )}
    </SubPage>
  );
}
