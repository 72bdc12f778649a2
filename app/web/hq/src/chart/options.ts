import type { EChartsCoreOption } from 'echarts/core';

/** The colours of a chart, taken from the theme's tokens. */
export interface ChartColours {
  accent: string;
  /** Bars of ordinary weight. */
  calm: string;
  /** Bars of bodies that do not count here. */
  faint: string;
  text: string;
  line: string;
  surface: string;
}

export interface NumberWords {
  /** Short form for axes: 12.3K. */
  short: (n: number) => string;
  /** Exact form with the unit, for tooltips. */
  exact: (n: number) => string;
}

export interface BarDatum {
  name: string;
  value: number;
  countedElsewhere: boolean;
}

const barStep = 30;

/** Height in CSS pixels of a bar chart of so many bars. */
export function barsHeight(bars: number): number {
  return Math.max(bars, 3) * barStep + 16;
}

/** Horizontal bars, the first datum on top. */
export function barsOption(data: readonly BarDatum[], colours: ChartColours, words: NumberWords): EChartsCoreOption {
  return {
    animationDuration: 200,
    animationDurationUpdate: 300,
    grid: { left: 4, right: 64, top: 4, bottom: 4, containLabel: true },
    tooltip: tooltip(colours, 'item', words),
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: data.map((datum) => datum.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colours.text,
        fontSize: 12,
        width: 150,
        overflow: 'truncate',
        interval: 0,
      },
    },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        cursor: 'pointer',
        data: data.map((datum) => ({
          value: datum.value,
          itemStyle: {
            color: datum.countedElsewhere ? colours.faint : colours.calm,
            borderRadius: [0, 3, 3, 0],
          },
        })),
        emphasis: { itemStyle: { color: colours.accent } },
        label: {
          show: true,
          position: 'right',
          color: colours.text,
          fontSize: 12,
          formatter: ({ value }: { value: number }) => words.short(value),
        },
      },
    ],
  };
}

export interface DayDatum {
  /** YYYY-MM-DD */
  day: string;
  value: number;
}

/** A line over days. */
export function trendOption(data: readonly DayDatum[], colours: ChartColours, words: NumberWords): EChartsCoreOption {
  return {
    animationDuration: 200,
    animationDurationUpdate: 300,
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: tooltip(colours, 'axis', words),
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: data.map((datum) => datum.day),
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: {
        color: colours.text,
        fontSize: 12,
        hideOverlap: true,
        formatter: (day: string) => day.slice(5),
      },
    },
    yAxis: {
      type: 'value',
      scale: true,
      splitNumber: 4,
      minInterval: 1,
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: {
        color: colours.text,
        fontSize: 12,
        formatter: (n: number) => words.short(n),
      },
    },
    series: [
      {
        type: 'line',
        data: data.map((datum) => datum.value),
        showSymbol: false,
        symbolSize: 6,
        lineStyle: { color: colours.accent, width: 2 },
        itemStyle: { color: colours.accent },
      },
    ],
  };
}

/** Bars over days: what each of them brought. */
export function flowOption(data: readonly DayDatum[], colours: ChartColours, words: NumberWords): EChartsCoreOption {
  const line = trendOption(data, colours, words);
  return {
    ...line,
    xAxis: { ...(line.xAxis as object), boundaryGap: true },
    yAxis: { ...(line.yAxis as object), scale: false },
    series: [
      {
        type: 'bar',
        barMaxWidth: 18,
        data: data.map((datum) => datum.value),
        itemStyle: { color: colours.accent, borderRadius: [2, 2, 0, 0] },
      },
    ],
  };
}

function tooltip(colours: ChartColours, trigger: 'item' | 'axis', words: NumberWords) {
  return {
    trigger,
    confine: true,
    backgroundColor: colours.surface,
    borderColor: colours.line,
    textStyle: { color: colours.text, fontSize: 13 },
    axisPointer: { lineStyle: { color: colours.line } },
    valueFormatter: (n: number) => words.exact(n),
  };
}
