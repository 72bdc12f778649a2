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
import { Trend } from './Trend.tsx';
import { bodyAddress, useView } from './useView.ts';
import { useWords } from './words.ts';

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
  const pages = children.data?.pages;
  const rows = useMemo(() => pages && ranked(pages.map((page) => page.rows)), [pages]);
  const words = useWords(metric);

  if (!metric) return <EmptyState title={t('hq.figure.none')} why={t('hq.figure.noneBody')} />;
  if (figures.error && !figures.data) {
    return <Refused code={body.code} known error={figures.error} retry={() => void figures.refetch()} />;
  }
  const title = pick(locale, metric.titleZh, metric.titleEn);
  const address = (code: string) => bodyAddress(code, { line, metric: view.metric, days: view.days });
  const trend = figures.data?.figures.find((one) => one.metric === metric.name)?.trend;
  const course = (
    <Trend
      title={title}
      trend={trend}
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
                      all: words.count(count(figures.data.bodies)),
                      active: words.count(count(figures.data.activeBodies)),
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
          <Ranking line={line} title={title} rows={rows} query={children} address={address} />
          <div className="drill-side">
            {course}
            <Comparison parent={body.name} title={title} rows={rows} address={address} words={words} />
          </div>
        </div>
      )}
    </>
  );
}
