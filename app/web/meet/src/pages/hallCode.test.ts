import { expect, test } from 'vitest';
import { Refused } from '../signal/client.ts';
import { answerWindows, askWindow } from './hallCode.ts';

test('the window that is in the meeting signs in, and says of which', async () => {
  const codes: string[] = [];
  const ends = [
    answerWindows('1234567890', async (code) => {
      codes.push(code);
      return '职工代表大会';
    }),
    answerWindows('9999999999', async () => 'another meeting'),
  ];
  expect(await askWindow('1234567890', 'abc')).toEqual({ title: '职工代表大会', reason: undefined });
  expect(codes).toEqual(['abc']);
  for (const end of ends) end();
});

test('what is refused is told', async () => {
  const end = answerWindows('1234567890', () => Promise.reject(new Refused('GONE', 'vote.code')));
  expect(await askWindow('1234567890', 'abc')).toEqual({ title: undefined, reason: 'GONE' });
  end();
});

test('nobody is in the meeting', async () => {
  const end = answerWindows('1234567890', async () => 'x');
  end();
  expect(await askWindow('1234567890', 'abc', 50)).toBeNull();
});
