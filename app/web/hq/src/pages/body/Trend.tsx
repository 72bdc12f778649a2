import { Section, useT } from '@gonghui/ui';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { Chart } from '../../chart/Chart.tsx';
import { flowOption, trendOption } from '../../chart/options.ts';
import { useChartColours } from '../../chart/useChartColours.ts';
import { daily } from './share.ts';
import { DAYS } from './useView.ts';
import type { FigureWords } from './words.ts';

const HEIGHT = 220;

interface Props {
  title: string;
  trend: { day: string; value: number }[] | undefined;
  /** What each day brought as bars, or the level of each day as a line. */
  flow?: boolean;
  days: number;
  choose: (days: number) => void;
  words: FigureWords;
}

/** The course of a metric over days, the body with all below it. */
export function Trend({ title, trend, flow, days, choose, words }: Props) {
  const t = useT();
  const colours = useChartColours();
  const data = useMemo(() => (flow ? daily(trend ?? []) : (trend ?? [])), [flow, trend]);
  const option = useMemo(
    () => (flow ? flowOption(data, colours, words) : trendOption(data, colours, words)),
    [flow, data, colours, words],
  );
  const first = data[0];
  const last = data.at(-1);
  return (
    <Section
      title={t(flow ? 'hq.chart.flow' : 'hq.chart.trend')}
      about={title}
      action={
        <Segmented<number>
          size="small"
          aria-label={t('hq.chart.days')}
          value={days}
          options={DAYS.map((value) => ({ value, label: t('hq.chart.day', { count: value }) }))}
          onChange={choose}
        />
      }
    >
      {first && last ? (
        <Chart
          option={option}
          height={HEIGHT}
          label={
            flow
              ? t('hq.chart.flowLabel', {
                  metric: title,
                  from: first.day,
                  to: last.day,
                  sum: words.exact(data.reduce((sum, one) => sum + one.value, 0)),
                })
              : t('hq.chart.trendLabel', {
                  metric: title,
                  from: first.day,
                  first: words.exact(first.value),
                  to: last.day,
                  last: words.exact(last.value),
                })
          }
        />
      ) : (
        <span className="bar" style={{ height: HEIGHT, width: '100%' }} />
      )}
    </Section>
  );
}
