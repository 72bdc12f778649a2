import { EmptyState, Freshness, pick, Section, useLocale, useT } from '@gonghui/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { childFiguresQuery, figuresQuery, type Lineage, type Metric } from '../../data/queries.ts';
import { HeroSkeleton } from './BodySkeleton.tsx';
import { Comparison } from './Comparison.tsx';
import { Heroes } from './Heroes.tsx';
import { chooseLine, figuresLine, isLine, LINES, type Line, type LinesBelow } from './line.ts';
import { chooseMetric, ordered } from './metric.ts';
import { Ranking } from './Ranking.tsx';
import { Refused } from './Refused.tsx';
import { count, ranked } from './rank.ts';
import { byShare, FLOW, PART, partner, perCent, shareTrend, WHOLE, withShare } from './share.ts';
import { Trend } from './Trend.tsx';
import { bodyAddress, useView } from './useView.ts';
import { shareWords, useWords } from './words.ts';

interface Props {
  lineage: Lineage;
  below: LinesBelow;
  metrics: Metric[];
}

/** The figures of a body and of those directly below it, kept up to date while one looks. */
export function Drill({ lineage, below, metrics: declared }: Props) {
  const t = useT();
  const locale = useLocale();
  const [view, change] = useView();
  const { body } = lineage;
  const primary = isLine(body.primaryLine) ? body.primaryLine : 'territorial';
  const line = chooseLine(view.line, primary, below);
  const asView = figuresLine(line, primary);
  const metrics = ordered(declared);
  const metric = chooseMetric(view.metric, metrics);
  const figures = useQuery(figuresQuery(body.code, asView, view.days));
  const leaf = !below[line];
  const children = useInfiniteQuery({
    ...childFiguresQuery(body.code, line, metric?.name ?? ''),
    enabled: !leaf && metric !== undefined,
  });
  const beside = partner(metric?.name ?? '', metrics);
  const partners = useInfiniteQuery({
    ...childFiguresQuery(body.code, line, beside ?? ''),
    enabled: !leaf && beside !== null,
  });
  const share = beside === null ? null : metric?.name === PART ? 'lead' : 'beside';
  const pages = children.data?.pages;
  const besides = beside === null ? undefined : partners.data?.pages;
  const rows = useMemo(() => {
    const own = pages && ranked(pages.map((page) => page.rows));
    const all = own && withShare(own, metric?.name ?? '', besides ? ranked(besides.map((page) => page.rows)) : []);
    return all && share === 'lead' ? byShare(all) : all;
  }, [pages, besides, metric?.name, share]);
  const amounts = useWords(metric);
  const words = share === 'lead' ? shareWords : amounts;
  const barRows = useMemo(
    () => (share === 'lead' ? rows?.map((row) => ({ ...row, subtree: perCent(row.share) ?? 0 })) : rows),
    [rows, share],
  );
  const own = figures.data?.figures;
  const trend = useMemo(() => {
    const course = own?.find((one) => one.metric === metric?.name)?.trend;
    if (share !== 'lead') return course?.map(({ day, value }) => ({ day, value: count(value) }));
    const whole = own?.find((one) => one.metric === WHOLE)?.trend;
    return course && shareTrend(course, whole ?? []).map(({ day, ...one }) => ({ day, value: perCent(one) ?? 0 }));
  }, [own, metric?.name, share]);

  if (!metric) return <EmptyState title={t('hq.figure.none')} why={t('hq.figure.noneBody')} />;
  if (figures.error && !figures.data) {
    return <Refused code={body.code} known error={figures.error} retry={() => void figures.refetch()} />;
  }
  const title = share === 'lead' ? t('hq.share.title') : pick(locale, metric.titleZh, metric.titleEn);
  const address = (code: string) => bodyAddress(code, { line, metric: view.metric, days: view.days });
  const course = (
    <Trend
      title={title}
      trend={trend}
      flow={metric.name === FLOW}
      days={view.days}
      choose={(days) => change({ days: String(days) })}
      words={words}
    />
  );
  return (
    <>
      <div className="drill-bar">
        <p className="drill-facts num">
          {figures.data && (
            <>
              <span>
                {count(figures.data.bodies) === 0
                  ? t(leaf ? 'hq.rank.empty' : 'hq.bodiesElsewhere')
                  : t('hq.bodies', {
                      all: amounts.count(count(figures.data.bodies)),
                      active: amounts.count(count(figures.data.activeBodies)),
                    })}
              </span>
              <span title={t('hq.fresh.hint')}>
                <Freshness at={figures.data.freshAt} serverTime={figures.data.serverTime} lagMs={figures.data.lagMs} />
              </span>
              {figures.isRefetchError && (
                <span className="drill-late" role="status">
                  {t('hq.fresh.late')}
                </span>
              )}
            </>
          )}
        </p>
        {below.territorial && below.industrial && (
          <Segmented<Line>
            aria-label={t('hq.line.label')}
            value={line}
            options={LINES.map((value) => ({ value, label: t(`hq.line.${value}`) }))}
            onChange={(next) => change({ line: next })}
          />
        )}
      </div>
      {asView && <p className="drill-note">{t(`hq.lineNote.${asView}`)}</p>}
      {figures.data ? (
        <Heroes
          figures={figures.data}
          metrics={metrics}
          chosen={metric.name}
          choose={(name) => change({ metric: name })}
        />
      ) : (
        <HeroSkeleton />
      )}
      {leaf ? (
        <div className="drill">
          {course}
          <Section title={t('hq.rank.title')}>
            <EmptyState title={t('hq.rank.empty')} why={t('hq.rank.emptyBody')} />
          </Section>
        </div>
      ) : (
        <div className="drill">
          <Ranking
            line={line}
            title={title}
            rows={rows}
            share={share}
            query={{
              ...children,
              fetchNextPage: () => Promise.all([children.fetchNextPage(), beside && partners.fetchNextPage()]),
            }}
            address={address}
          />
          <div className="drill-side">
            {course}
            <Comparison parent={body.name} title={title} rows={barRows} address={address} words={words} />
          </div>
        </div>
      )}
    </>
  );
}
