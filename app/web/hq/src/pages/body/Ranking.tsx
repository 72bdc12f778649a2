import { Badge, count, ErrorState, Section, Sparkline, useT, useWide } from '@gonghui/ui';
import { Button, Tooltip } from 'antd';
import { Link, useNavigate } from 'react-router';
import { Amount } from './Amount.tsx';
import { RowsSkeleton } from './BodySkeleton.tsx';
import type { Line } from './line.ts';
import { Portion } from './Portion.tsx';
import type { ShareRow } from './share.ts';
import { useAhead } from './useAhead.ts';

interface Props {
  line: Line;
  /** The metric's title. */
  title: string;
  rows: ShareRow[] | undefined;
  /** The share of complete files: what is ranked by, a column beside, or not at all. */
  share: 'lead' | 'beside' | null;
  query: {
    error: unknown;
    isPlaceholderData: boolean;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
    refetch: () => unknown;
  };
  address: (code: string) => string;
}

/** The bodies directly below, ranked by a metric. */
export function Ranking({ line, title, rows, share, query, address }: Props) {
  const t = useT();
  const wide = useWide();
  const List = wide ? RankTable : RankCards;
  return (
    <Section
      title={t('hq.rank.title')}
      about={share === 'lead' ? t('hq.share.purpose') : t('hq.rank.purpose', { metric: title })}
    >
      {!rows ? (
        query.error ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton />
        )
      ) : (
        <div className={query.isPlaceholderData ? 'rank-stale' : undefined}>
          <List line={line} rows={rows} share={share} address={address} />
          <p className="rank-foot num">
            {t(query.hasNextPage ? 'hq.rank.loaded' : 'hq.rank.all', { count: rows.length })}
            {share === 'lead' && query.hasNextPage && <span>{t('hq.share.loaded')}</span>}
            {query.hasNextPage && (
              <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('hq.rank.more')}
              </Button>
            )}
          </p>
        </div>
      )}
    </Section>
  );
}

interface ListProps {
  line: Line;
  rows: ShareRow[];
  share: Props['share'];
  address: (code: string) => string;
}

function RankTable({ line, rows, share, address }: ListProps) {
  const t = useT();
  const navigate = useNavigate();
  const ahead = useAhead();
  return (
    <table className="rank">
      <thead>
        <tr>
          <th scope="col" className="rank-no">
            {t('hq.rank.number')}
          </th>
          <th scope="col">{t('hq.rank.name')}</th>
          <th scope="col" className="rank-num">
            {t('hq.figure.subtree')}
          </th>
          <th scope="col" className="rank-num">
            {t('hq.figure.own')}
          </th>
          {share && (
            <th scope="col" className="rank-num">
              {t(share === 'lead' ? 'hq.share.counts' : 'hq.share.title')}
            </th>
          )}
          <th scope="col" className="rank-spark">
            {t('hq.rank.trend')}
          </th>
          <th scope="col" className="rank-num">
            {t('hq.rank.children')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr
            key={row.code}
            onPointerEnter={() => ahead(row.code)}
            onClick={(event) => {
              if (!(event.target as Element).closest('a, button')) void navigate(address(row.code));
            }}
          >
            <td className="rank-no num">{i + 1}</td>
            <th scope="row" className="rank-name">
              <Link to={address(row.code)}>{row.name}</Link>
              <Marks row={row} line={line} />
            </th>
            {share === 'lead' ? (
              <>
                <td className="rank-num">
                  <Portion share={row.share} />
                </td>
                <td className="rank-num rank-own">
                  <Portion share={row.ownShare} />
                </td>
                <td className="rank-num rank-own num">{row.share && <Counts share={row.share} />}</td>
              </>
            ) : (
              <>
                <td className="rank-num">
                  <Amount value={row.subtree} />
                </td>
                <td className="rank-num rank-own">
                  <Amount value={row.own} />
                </td>
                {share && (
                  <td className="rank-num">
                    <Portion share={row.share} />
                  </td>
                )}
              </>
            )}
            <td className="rank-spark">
              <Course row={row} />
            </td>
            <td className="rank-num num">{row.children || t('hq.rank.childrenNone')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RankCards({ line, rows, share, address }: ListProps) {
  const t = useT();
  const ahead = useAhead();
  return (
    <ol className="rank-cards">
      {rows.map((row, i) => (
        <li key={row.code}>
          <Link to={address(row.code)} className="rank-card" onPointerDown={() => ahead(row.code)}>
            <span className="rank-card-head">
              <span className="rank-no num">{i + 1}</span>
              <span className="rank-card-name">{row.name}</span>
              <span className="rank-card-value">
                {share === 'lead' ? <Portion share={row.share} /> : <Amount value={row.subtree} />}
              </span>
            </span>
            <span className="rank-card-foot num">
              <span>
                {t('hq.figure.own')} {share === 'lead' ? <Portion share={row.ownShare} /> : <Amount value={row.own} />}
              </span>
              {share === 'beside' && (
                <span>
                  {t('hq.share.title')} <Portion share={row.share} />
                </span>
              )}
              {share === 'lead' && row.share && (
                <span>
                  <Counts share={row.share} />
                </span>
              )}
              {!share && (
                <span>
                  {t('hq.rank.children')} {row.children || t('hq.rank.childrenNone')}
                </span>
              )}
              <Course row={row} />
            </span>
          </Link>
          <Marks row={row} line={line} />
        </li>
      ))}
    </ol>
  );
}

/** 9,863 of 10,000 */
function Counts({ share }: { share: { part: number; whole: number } }) {
  const t = useT();
  return t('hq.share.of', { part: count(share.part), whole: count(share.whole) });
}

function Course({ row }: { row: ShareRow }) {
  const t = useT();
  return <Sparkline values={row.trend} label={t('hq.rank.course', { name: row.name })} width={80} height={24} />;
}

/** What is out of the ordinary with a row. */
function Marks({ row, line }: { row: ShareRow; line: Line }) {
  const t = useT();
  if (!row.countedElsewhere && row.status === 'active') return null;
  return (
    <span className="rank-marks">
      {row.countedElsewhere && (
        <Tooltip title={t(`hq.rank.elsewhereHint.${line}`)}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
          <span tabIndex={0}>
            <Badge tone="note">{t('hq.rank.elsewhere')}</Badge>
          </span>
        </Tooltip>
      )}
      {row.status !== 'active' && <span className="rank-quiet">{t('hq.status.registered')}</span>}
    </span>
  );
}
