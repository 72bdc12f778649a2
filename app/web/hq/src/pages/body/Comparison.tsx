import { Section, useT } from '@gonghui/ui';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { Chart } from '../../chart/Chart.tsx';
import { barsHeight, barsOption } from '../../chart/options.ts';
import { useChartColours } from '../../chart/useChartColours.ts';
import { bars, type RankRow } from './rank.ts';
import type { FigureWords } from './words.ts';

/** Bars that still read well beside the table. */
const MOST = 20;

interface Props {
  /** The name of the body above the bars. */
  parent: string;
  title: string;
  rows: RankRow[] | undefined;
  address: (code: string) => string;
  words: FigureWords;
}

/** The first of the ranking as bars; a bar leads where its row leads. */
export function Comparison({ parent, title, rows, address, words }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const colours = useChartColours();
  const data = useMemo(() => bars(rows ?? [], MOST, parent), [rows, parent]);
  const option = useMemo(() => barsOption(data, colours, words), [data, colours, words]);
  const first = data[0];
  return (
    <Section
      title={t('hq.chart.bars')}
      about={rows && rows.length > MOST ? t('hq.chart.barsFirst', { count: MOST }) : undefined}
    >
      {first ? (
        <Chart
          option={option}
          height={barsHeight(data.length)}
          label={t('hq.chart.barsLabel', { metric: title, first: first.name, value: words.exact(first.value) })}
          onPick={(index) => {
            const bar = data[index];
            if (bar) void navigate(address(bar.code));
          }}
        />
      ) : (
        <span className="bar" style={{ height: barsHeight(10), width: '100%' }} />
      )}
    </Section>
  );
}
