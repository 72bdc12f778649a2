import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { asApiError } from '@gonghui/api';
import { dateTime, ErrorState, PageHead, PageSkeleton, useMe, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import './votes.css';
import { useMeeting } from './meetings.ts';
import { csv, resultRows, save, useVotes, type Vote, verdictOf, voterRows, votersOf } from './votes.ts';

/** The result sheet of a meeting, on screen and on paper. */
export function VotesPage() {
  const t = useT();
  const { id = '' } = useParams<'id'>();
  const { place } = useMe();
  const { data: meeting } = useMeeting(id);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useVotes(id);
  useEffect(() => {
    if (hasNextPage) void fetchNextPage();
  }, [hasNextPage, fetchNextPage]);
  if (isPending) return <PageSkeleton />;
  const votes = (data?.pages.flatMap((page) => page.votes) ?? []) as Vote[];
  const title = meeting?.title ?? '';
  return (
    <div className="page page-narrow">
      <Link to={`/meetings/${id}`} className="page-back">
        {t('meetingVotes.back')}
      </Link>
      <PageHead
        title={t('meetingVotes.title')}
        purpose={t('meetingVotes.purpose')}
        action={
          votes.length > 0 && (
            <>
              <Button
                icon={<DownloadOutlined aria-hidden />}
                onClick={() => save(`${title}.csv`, csv(resultRows(votes, t)))}
              >
                {t('meetingVotes.csv')}
              </Button>
              <Button type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
                {t('meetingVotes.print')}
              </Button>
            </>
          )
        }
      />
      {error && <ErrorState error={asApiError(error)} retry={() => void refetch()} />}
      {!error && votes.length === 0 && <p className="quiet">{t('meetingVotes.none')}</p>}
      {votes.length > 0 && (
        <section className="sheet vote-sheet" aria-label={t('meetingVotes.title')}>
          <div className="sheet-head">
            <span>{place.bodyName}</span>
            {meeting?.beganAt && <span className="num">{dateTime(meeting.beganAt)}</span>}
          </div>
          <h2 className="sheet-title">{title}</h2>
          {votes.map((vote) => (
            <OneVote key={vote.id} meeting={id} vote={vote} />
          ))}
        </section>
      )}
    </div>
  );
}

function OneVote({ meeting, vote }: { meeting: string; vote: Vote }) {
  const t = useT();
  const { result, watchers, kind, state } = vote;
  const secret = kind === 'secret';
  const names = watchers.map(({ name }) => name).join(t('meetingVotes.names'));
  return (
    <article className="vote-one">
      <h3>{vote.question}</h3>
      <p className="quiet">
        {t(`meetingVotes.kind.${kind}`)} · {t(`meetingVotes.state.${state}`)}
        {vote.closedAt && <span className="num"> · {dateTime(vote.closedAt)}</span>}
      </p>
      {secret ? (
        <>
          <p className="num">
            {t('meetingVotes.ballot', {
              due: vote.due,
              voters: vote.voters,
              came: vote.came,
              cast: vote.cast,
              blank: result?.blank ?? 0,
            })}
          </p>
          <p className="quiet">
            {t('meetingVotes.rule', {
              quorum: t(`meetingVotes.quorum.${vote.quorum}`),
              majority: t(`meetingVotes.majority.${vote.majority}`),
            })}
            {result && result.need > 0 && <> · {t('meetingVotes.need', { count: result.need })}</>}
          </p>
        </>
      ) : (
        <p className="num">{t('meetingVotes.came', { came: vote.came, voters: vote.voters })}</p>
      )}
      {vote.options.length > 0 && (
        <table className="vote-table">
          <thead>
            <tr>
              <th scope="col">{t('meetingVotes.options')}</th>
              <th scope="col">{t('meetingVotes.votes')}</th>
              <th scope="col">{t('meetingVotes.won')}</th>
            </tr>
          </thead>
          <tbody>
            {vote.options.map((option, i) => (
              <tr key={option}>
                <th scope="row">{option}</th>
                <td className="num">{result ? (result.votes[i] ?? 0) : ''}</td>
                <td>
                  {result?.won.includes(i + 1) && '✓'}
                  {result?.tied.includes(i + 1) && t('meetingVotes.tied')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {secret && (
        <>
          <p className="vote-verdict">
            <strong>{t(`meetingVotes.verdict.${verdictOf(vote)}`)}</strong>
          </p>
          <p>{t('meetingVotes.watchers', { names })}</p>
          {state === 'done' && <p className="vote-signed">{t('meetingVotes.signed')}</p>}
          <p className="quiet">{t('meetingVotes.secretNote')}</p>
        </>
      )}
      {kind === 'veiled' && <p className="quiet">{t('meetingVotes.veiledNote')}</p>}
      <p className="vote-save">
        <Button
          size="small"
          onClick={() =>
            void votersOf(meeting, vote.id).then(
              (voters) => save(`${vote.question}.csv`, csv(voterRows(vote, voters, t))),
              () => undefined,
            )
          }
        >
          {t('meetingVotes.voters')}
        </Button>
      </p>
    </article>
  );
}
