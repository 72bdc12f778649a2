import { api, asApiError, type Full, type Schemas, take } from '@gonghui/api';
import { dateTime, useLocale, useT } from '@gonghui/ui/base';
import { Film } from '@gonghui/ui/film';
import { infiniteQueryOptions, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Button } from '../../parts/Button.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { say } from '../../parts/Notice.tsx';
import { SubPage } from '../../parts/SubPage.tsx';

type Recording = Full<Schemas['Recording']>;

/** Films that come at a time. */
const PAGE = 20;

const filmsQuery = infiniteQueryOptions({
  queryKey: ['meetings.films'],
  queryFn: ({ pageParam }) =>
    take(api.GET('/v1/meetings:sharedRecordings', { params: { query: { pageSize: PAGE, pageToken: pageParam } } })),
  initialPageParam: '',
  getNextPageParam: (last) => last.nextPageToken || undefined,
});

/** 62:03 */
const lasting = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** Recordings of meetings that are shared with the person: each is played here, and nowhere taken along. */
export default function FilmsPage() {
  const t = useT();
  const list = useInfiniteQuery(filmsQuery);
  const films = list.data?.pages.flatMap((page) => page.recordings);
  return (
    <SubPage title={t('member.films.title')} purpose={t('member.films.purpose')} back="/meetings">
      {films?.map((one) => (
        <One key={one.id} one={one} />
      ))}
      {films?.length === 0 && (
        <section className="panel state">
          <h2 className="state-title">{t('member.films.none')}</h2>
          <p>{t('member.films.noneBody')}</p>
        </section>
      )}
      {list.isPending && <span className="grey union-grey" />}
      {list.error && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('member.films.more')}
        </Button>
      )}
    </SubPage>
  );
}

function One({ one }: { one: Recording }) {
  const t = useT();
  const locale = useLocale();
  const { id, meetingTitle: title, beganAt, seconds } = one;
  // Each address is one playing that is recorded: none is asked for that nobody plays.
  const played = useMutation({
    mutationFn: () =>
      take(api.POST('/v1/recordings/{id}:play', { params: { path: { id } }, body: { id, download: false } })),
    onError: (error) => say(asApiError(error).text(locale)),
  });
  return (
    <article className="panel request">
      <div className="request-head">
        <strong>{title}</strong>
        {!played.data && (
          <Button busy={played.isPending} onClick={() => played.mutate()}>
            {t('member.films.play')}
          </Button>
        )}
      </div>
      <p className="small num">{[dateTime(beganAt), lasting(seconds)].join(' · ')}</p>
      {played.data && (
        <Film
          url={played.data.url}
          mark={played.data.watermark}
          label={title}
          words={{ fill: t('member.films.fill'), failed: t('member.films.failed') }}
        />
      )}
    </article>
  );
}
