import { expect, test } from 'vitest';
import { asWished, differs } from './wish.ts';

const file = {
  name: '何家乐',
  idKind: 'citizen_id',
  idNumber: '440103********1234',
  phone: '139****0123',
  job: '电工',
  migrant: false,
};

test.each([
  [{}, false],
  [{ job: '电工' }, false],
  [{ job: '' }, true],
  [{ migrant: false }, false],
  [{ migrant: true }, true],
  [{ phone: '' }, false],
  [{ phone: '13900000001' }, true],
])('%o differs: %s', (wish, expected) => expect(differs(file, wish)).toBe(expected));

test('masked numbers never go back to the server', () => {
  expect(asWished(file, { job: '焊工' })).toEqual({ ...file, idNumber: '', phone: '', job: '焊工' });
  expect(asWished(file, { phone: '13900000001' }).phone).toBe('13900000001');
});
