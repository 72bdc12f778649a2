import { Badge, ErrorState, Section, Sparkline, useT, useWide } from '@gonghui/ui';
import { Button, Tooltip } from 'antd';
import { Link, useNavigate } from 'react-router';
import { Amount } from './Amount.tsx';
import { RowsSkeleton } from './BodySkeleton.tsx';
import type { Line } from './line.ts';
import type { RankRow } from './rank.ts';
import { useAhead } from './useAhead.ts';

interface Props {
  line: Line;
  /** The metric's title. */
  title: string;
  rows: RankRow[] | undefined;
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
export function Ranking({ line, title, rows, query, address }: Props) {
  const t = useT();
  const wide = useWide();
  const List = wide ? RankTable : RankCards;
  return (
    <Section title={t('hq.rank.title')} about={t('hq.rank.purpose', { metric: title })}>
      {!rows ? (
        query.error ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton />
        )
      ) : (
        <div className={query.isPlaceholderData ? 'rank-stale' : undefined}>
          <List line={line} rows={rows} address={address} />
          <p className="rank-foot num">
            {t(query.hasNextPage ? 'hq.rank.loaded' : 'hq.rank.all', { count: rows.length })}
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
  rows: RankRow[];
  address: (code: string) => string;
}

function RankTable({ line, rows, address }: ListProps) {
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
            <td className="rank-num">
              <Amount value={row.subtree} />
            </td>
            <td className="rank-num rank-own">
              <Amount value={row.own} />
            </td>
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

function RankCards({ line, rows, address }: ListProps) {
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
                <Amount value={row.subtree} />
              </span>
            </span>
            <span className="rank-card-foot num">
              <span>
                {t('hq.figure.own')} <Amount value={row.own} />
              </span>
              <span>
                {t('hq.rank.children')} {row.children || t('hq.rank.childrenNone')}
              </span>
              <Course row={row} />
            </span>
          </Link>
          <Marks row={row} line={line} />
        </li>
      ))}
    </ol>
  );
}

function Course({ row }: { row: RankRow }) {
  const t = useT();
  return <Sparkline values={row.trend} label={t('hq.rank.course', { name: row.name })} width={80} height={24} />;
}

/** What is out of the ordinary with a row. */
function Marks({ row, line }: { row: RankRow; line: Line }) {
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
