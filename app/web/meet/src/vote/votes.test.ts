import { expect, test } from 'vitest';
import en from '../i18n/votes.en.ts';
import zh from '../i18n/votes.zh.ts';
import { readMessage } from '../signal/messages.ts';
import { asked, takenVotes, type Vote } from './votes.ts';

const read = (vote: object): Vote => {
  const told = readMessage(JSON.stringify({ vote }))?.vote;
  if (!told) throw new Error('no vote');
  return told;
};

test('what the wire leaves out is there', () => {
  expect(read({ id: 'a', kind: 'signin', state: 'open' })).toMatchObject({
    options: [],
    result: null,
    own: null,
    came: 0,
  });
  expect(read({ id: 'a', kind: 'secret', result: { votes: [1, 2], passed: true } }).result).toEqual({
    votes: [1, 2],
    cast: 0,
    blank: 0,
    quorate: false,
    need: 0,
    passed: true,
    won: [],
    tied: [],
  });
});

test('the newest stands first, and what is one’s own stays', () => {
  const one = read({ id: '1', kind: 'named', state: 'open', own: { may: true, did: true, choice: [2] } });
  const all = takenVotes([], { votes: [one, read({ id: '2', kind: 'named', state: 'open' })] });
  expect(all.map(({ id }) => id)).toEqual(['2', '1']);
  const after = takenVotes(all, { vote: read({ id: '1', kind: 'named', state: 'done' }) });
  expect(after[1]).toMatchObject({ state: 'done', own: { choice: [2] } });
  expect(takenVotes(all, {})).toBe(all);
});

test.each([
  [{ kind: 'named', state: 'open' }, true],
  [{ kind: 'named', state: 'open', own: { did: true } }, false],
  [{ kind: 'named', state: 'done' }, false],
  [{ kind: 'secret', state: 'open' }, false],
  [{ kind: 'secret', state: 'open', own: { may: true } }, true],
  [{ kind: 'secret', state: 'ending', watchers: [{ participant: 'me' }] }, true],
  [{ kind: 'secret', state: 'ending', watchers: [{ participant: 'me', closing: true }] }, false],
  [{ kind: 'secret', state: 'closed', watchers: [{ participant: 'me', closing: true }] }, true],
  [{ kind: 'secret', state: 'closed', watchers: [{ participant: 'other' }] }, false],
])('%j asks something of a person: %s', (vote, wanted) => {
  expect(asked(read({ id: '1', ...vote }), 'me')).toBe(wanted);
});

const keys = (tree: object, before = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${before}${key}`] : keys(value as object, `${before}${key}.`),
  );

test('both languages say the same', () => {
  // Chinese has one form for all numbers.
  expect(
    keys(en)
      .filter((key) => !key.endsWith('_one'))
      .sort(),
  ).toEqual(keys(zh).sort());
});
