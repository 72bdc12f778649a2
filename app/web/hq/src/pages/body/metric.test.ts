import { expect, test } from 'vitest';
import { chooseMetric, ordered } from './metric.ts';

const metric = (name: string) => ({
  name,
  titleZh: '',
  titleEn: '',
  definitionZh: '',
  definitionEn: '',
  unitZh: '',
  unitEn: '',
});
const declared = ['directory.bodies', 'directory.active', 'member.active', 'org.officers'].map(metric);
const names = (metrics: { name: string }[]) => metrics.map((one) => one.name);

test('members come first, the others keep their order', () => {
  expect(names(ordered(declared))).toEqual(['member.active', 'directory.bodies', 'directory.active', 'org.officers']);
  expect(names(ordered(declared.slice(0, 2)))).toEqual(['directory.bodies', 'directory.active']);
});

test('the metric of the address is shown when it is declared', () => {
  expect(chooseMetric('org.officers', declared)?.name).toBe('org.officers');
  expect(chooseMetric('none.such', declared)?.name).toBe('directory.bodies');
  expect(chooseMetric(null, [])).toBeUndefined();
});
