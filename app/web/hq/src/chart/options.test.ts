import { expect, test } from 'vitest';
import { barsHeight, barsOption, type ChartColours, flowOption, trendOption } from './options.ts';

const colours: ChartColours = {
  accent: '#a00',
  calm: '#bbb',
  faint: '#ddd',
  text: '#333',
  line: '#eee',
  surface: '#fff',
};
const words = { short: (n: number) => `${n}`, exact: (n: number) => `${n} people` };

test('bars grow with their number and keep room for few', () => {
  expect(barsHeight(1)).toBe(barsHeight(3));
  expect(barsHeight(20)).toBeGreaterThan(barsHeight(10));
});

test('a bar that is counted elsewhere is fainter', () => {
  const option = barsOption(
    [
      { name: 'A', value: 3, countedElsewhere: false },
      { name: 'B', value: 2, countedElsewhere: true },
    ],
    colours,
    words,
  );
  const [series] = option.series as { data: { value: number; itemStyle: { color: string } }[] }[];
  expect(series?.data.map((bar) => [bar.value, bar.itemStyle.color])).toEqual([
    [3, colours.calm],
    [2, colours.faint],
  ]);
});

test('a trend keeps its days in order', () => {
  const option = trendOption(
    [
      { day: '2026-11-21', value: 1 },
      { day: '2026-11-22', value: 2 },
    ],
    colours,
    words,
  );
  expect((option.xAxis as { data: string[] }).data).toEqual(['2026-11-21', '2026-11-22']);
});

test('what each day brought stands as bars from nothing up', () => {
  const option = flowOption([{ day: '2026-11-21', value: 7 }], colours, words);
  expect((option.series as { type: string; data: number[] }[])[0]).toMatchObject({ type: 'bar', data: [7] });
  expect(option.yAxis).toMatchObject({ scale: false });
});
