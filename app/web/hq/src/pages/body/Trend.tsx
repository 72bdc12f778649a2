import { Section, useT } from '@gonghui/ui';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { Chart } from '../../chart/Chart.tsx';
import { trendOption } from '../../chart/options.ts';
import { useChartColours } from '../../chart/useChartColours.ts';
import { count } from './rank.ts';
import { DAYS } from './useView.ts';
import type { FigureWords } from './words.ts';

const HEIGHT = 220;

interface Props {
  title: string;
  trend: { day: string; value: string }[] | undefined;
  days: number;
  choose: (days: number) => void;
  words: FigureWords;
}

/** The course of a metric over days, the body with all below it. */
export function Trend({ title, trend, days, choose, words }: Props) {
  const t = useT();
  const colours = useChartColours();
  const data = useMemo(() => (trend ?? []).map(({ day, value }) => ({ day, value: count(value) })), [trend]);
  const option = useMemo(() => trendOption(data, colours, words), [data, colours, words]);
  const first = data[0];
  const last = data.at(-1);
  return (
    <Section
      title={t('hq.chart.trend')}
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
          label={t('hq.chart.trendLabel', {
            metric: title,
            from: first.day,
            first: words.exact(first.value),
            to: last.day,
            last: words.exact(last.value),
          })}
        />
      ) : (
        <span className="bar" style={{ height: HEIGHT, width: '100%' }} />
      )}
    </Section>
  );
}
