import { beforeEach, expect, test } from 'vitest';
import { Keeper } from './keeper.ts';

let stored: string | null;
let keeper: Keeper;

beforeEach(() => {
  stored = null;
  keeper = new Keeper(
    () => stored,
    (text) => {
      stored = text;
    },
  );
});

test('what was kept of an identity is there after a restart', () => {
  keeper.begin('anna');
  keeper.keep('anna', 'card', { name: 'Anna' }, 7);
  keeper.begin('anna');
  expect(
    new Keeper(
      () => stored,
      () => {},
    ).last('card'),
  ).toEqual({ at: 7, data: { name: 'Anna' } });
  expect(keeper.last('file')).toBeUndefined();
});

test('another identity finds nothing of the one before', () => {
  keeper.begin('anna');
  keeper.keep('anna', 'card', { name: 'Anna' }, 7);
  keeper.begin('bo');
  expect(keeper.last('card')).toBeUndefined();
  expect(stored).not.toContain('Anna');
});

test('an answer that was asked for before the sign-out is let go', () => {
  keeper.begin('anna');
  keeper.forget();
  keeper.keep('anna', 'card', { name: 'Anna' }, 7);
  expect(stored).toBeNull();
  keeper.begin('bo');
  keeper.keep('anna', 'card', { name: 'Anna' }, 8);
  expect(stored).not.toContain('Anna');
  keeper.keep('', 'card', { name: 'nobody' }, 9);
  expect(stored).not.toContain('nobody');
});

test.each(['', '{', 'null', '[]', '{"owner":"anna"}', '7'])('a broken store is an empty one: %s', (text) => {
  stored = text;
  expect(keeper.owner()).toBe('');
  expect(keeper.last('card')).toBeUndefined();
  keeper.begin('anna');
  keeper.keep('anna', 'card', 1, 7);
  expect(keeper.last('card')).toEqual({ at: 7, data: 1 });
});
