import { expect, test } from 'vitest';
import { addressOf, clock, spaced, wayForPass, wayTo } from './meeting.ts';

test('a number is said in three parts', () => {
  expect(spaced('1234567890')).toBe('123 456 7890');
  expect(spaced('12')).toBe('12');
});

test.each([
  [-5, '00:00'],
  [65_000, '01:05'],
  [3_723_000, '1:02:03'],
])('%i ms is %s', (span, said) => {
  expect(clock(span)).toBe(said);
});

const read = (url: string) => addressOf(new URL(url, 'http://440103.gonghui.localhost:8080'));

test('an address says which meeting, and by what right', () => {
  expect(read('/meet/1234567890#key=abc')).toEqual({
    number: '1234567890',
    key: 'abc',
    pass: '',
    passFor: '',
    code: '',
  });
  expect(read('/meet/1234567890/#pass=p')).toMatchObject({ number: '1234567890', pass: 'p' });
  expect(read('/meet/1234567890?for=440100').passFor).toBe('440100');
  expect(read('/meet/1234567890#in=0123456789abcdef').code).toBe('0123456789abcdef');
  expect(read('/meet/').number).toBe('');
  expect(read('/meet/123').number).toBe('');
});

const host = '440103.gonghui.localhost:8080';
test.each([
  ['123 456 7890', '/meet/1234567890'],
  ['123-456-7890', '/meet/1234567890'],
  ['123', 'bad'],
  ['hello', 'bad'],
  [`http://${host}/meet/1234567890#key=a`, '/meet/1234567890#key=a'],
  ['http://440100.gonghui.localhost:8080/meet/1234567890', 'http://440100.gonghui.localhost:8080/meet/1234567890'],
  ['http://evil.example/meet/1234567890', 'elsewhere'],
  [`http://${host}/console/`, 'bad'],
  ['javascript:alert(1)//meet/1234567890', 'bad'],
])('%s leads to %s', (text, way) => {
  expect(wayTo(text, host)).toBe(way);
});

test('a name without a base has no neighbours', () => {
  expect(wayTo('http://b/meet/1234567890', 'a')).toBe('elsewhere');
});

test('a pass is fetched from the own host', () => {
  expect(wayForPass('440100', '1234567890', '440103', { protocol: 'http:', host })).toBe(
    'http://440100.gonghui.localhost:8080/meet/1234567890?for=440103',
  );
});
