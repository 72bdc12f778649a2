import { api, asApiError, take } from '@gonghui/api';
import { useT } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { meetingKeys } from './meetings.ts';

/** Who comes to a meeting and who does not, for those who may know. */
export function Answers({ id }: { id: string }) {
  const t = useT();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage, error } = useInfiniteQuery({
    queryKey: [...meetingKeys.list, 'answers', id],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/meetings/{id}/answers', {
          params: { path: { id }, query: { pageSize: 50, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  if (error && asApiError(error).code === 404) return null;
  const first = data?.pages[0];
  const rows = data?.pages.flatMap((page) => page.answers);
  return (
    <>
      <h3 className="detail-section">{t('planning.answerTitle')}</h3>
      {first && rows && rows.length > 0 && (
        <p className="quiet num">
          {t('planning.answerCounts', {
            yes: first.yes,
            maybe: first.maybe,
            no: first.no,
            substitute: first.substitute,
          })}
        </p>
      )}
      {rows?.length === 0 && <p className="quiet">{t('planning.noAnswers')}</p>}
      <ul className="rows">
        {rows?.map((one) => (
          <li key={one.identityId}>
            <div className="row-text">
              <span className="row-name">{one.name}</span>
              <span className="row-sub">
                {[
                  t(`planning.answers.${one.answer}`),
                  one.substitute && t('planning.insteadOf', { name: one.substitute }),
                  one.note,
                  one.bodyName,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('meetings.more')}
        </Button>
      )}
    </>
  );
}
