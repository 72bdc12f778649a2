import { useT } from '@gonghui/ui/base';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Button } from '../../parts/Button.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { SubPage } from '../../parts/SubPage.tsx';
import { requestsQuery } from '../../queries.ts';
import { RequestCard } from './RequestCard.tsx';

/** All that the member has asked for. */
export default function RequestsPage() {
  const t = useT();
  const list = useInfiniteQuery(requestsQuery());
  const requests = list.data?.pages.flatMap((page) => page.requests);
  return (
    <SubPage title={t('member.request.title')} purpose={t('member.request.purpose')} back="/file">
      {requests?.map((request) => (
        <RequestCard key={request.id} request={request} />
      ))}
      {requests?.length === 0 && (
        <section className="panel state">
          <h2 className="state-title">{t('member.request.none')}</h2>
          <p>{t('member.request.noneBody')}</p>
          <Link className="button" href="/file/change">
            {t('member.file.change')}
          </Link>
        </section>
      )}
      {list.isPending && <span className="grey union-grey" />}
      {list.error && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('member.request.more')}
        </Button>
      )}
    </SubPage>
  );
}
