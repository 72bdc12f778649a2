import { expect, test } from 'vitest';
import { bodyAddress, readView } from './useView.ts';

test.each([
  [{ line: null, metric: null }, '/b/440000'],
  [{ line: 'industrial', metric: 'member.active' }, '/b/440000?line=industrial&metric=member.active'],
  // The usual period stays out of the address.
  [{ line: null, metric: null, days: 30 }, '/b/440000'],
  [{ line: null, metric: null, days: 90 }, '/b/440000?days=90'],
] as const)('the address of %o', (view, address) => {
  expect(bodyAddress('440000', view)).toBe(address);
});

test('what an address says is read back; what it cannot mean is the usual', () => {
  const read = (query: string) => readView(new URLSearchParams(query));
  expect(read('line=industrial&metric=member.active&days=365&panel=events')).toEqual({
    line: 'industrial',
    metric: 'member.active',
    days: 365,
    panel: 'events',
  });
  expect(read('days=31')).toEqual({ line: null, metric: null, days: 30, panel: null });
});
