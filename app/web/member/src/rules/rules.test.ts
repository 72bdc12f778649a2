import { describe, expect, test } from 'vitest';
import { depth, grouped, lineage } from './card.ts';
import { passwordFlaw } from './password.ts';
import { phoneNumber } from './phone.ts';

describe('phoneNumber', () => {
  test.each([
    ['13800138000', '13800138000'],
    ['138 0013 8000', '13800138000'],
    ['138-0013-8000', '13800138000'],
    ['+8613800138000', '13800138000'],
    ['86 138 0013 8000', '13800138000'],
    ['1380013800', null],
    ['23800138000', null],
    ['138001380001', null],
    ['', null],
  ])('%s', (typed, number) => expect(phoneNumber(typed)).toBe(number));
});

describe('passwordFlaw', () => {
  test.each([
    ['abc', 'old', 'short'],
    ['abcdefgh', 'old', 'kinds'],
    ['12345678', 'old', 'kinds'],
    ['abcd1234', 'abcd1234', 'same'],
    ['abcd1234', 'old', null],
    ['ABCdefgh', 'old', null],
    ['密码密码密码密码1', 'old', null],
  ] as const)('%s after %s', (next, old, flaw) => expect(passwordFlaw(next, old)).toBe(flaw));
});

test.each([
  ['1507220000012345', '1507 2200 0001 2345'],
  ['12345', '1234 5'],
  ['', ''],
])('a member number %s reads %s', (no, text) => expect(grouped(no)).toBe(text));

test('the line ends with the body and has it once', () => {
  const body = (code: string) => ({ code, name: code });
  expect(lineage([body('a'), body('b')], body('c')).map((one) => one.code)).toEqual(['a', 'b', 'c']);
  expect(lineage([body('a'), body('c')], body('c')).map((one) => one.code)).toEqual(['a', 'c']);
});

test.each([
  ['000000', 1],
  ['440000', 2],
  ['440100', 3],
  ['440103', 4],
  ['440103001', 5],
])('the line of %s has %i bodies', (code, want) => expect(depth(code)).toBe(want));
