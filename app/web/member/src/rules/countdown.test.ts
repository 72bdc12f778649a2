import { expect, test } from 'vitest';
import { codeDigits, secondsLeft } from './countdown.ts';

test.each([
  [61_000, 1_000, 60],
  [61_000, 1_001, 60],
  [61_000, 60_999, 1],
  [61_000, 61_000, 0],
  [61_000, 99_000, 0],
  [0, 1_000, 0],
])('until %s at %s: %s s', (until, now, left) => expect(secondsLeft(until, now)).toBe(left));

test.each([
  ['123456', '123456'],
  ['123 456', '123456'],
  ['您的验证码是 123456，5 分钟内有效', '123456'],
  ['１２３４５６', '123456'],
  ['12a', '12'],
  ['', ''],
])('the code in “%s”', (typed, digits) => expect(codeDigits(typed)).toBe(digits));
