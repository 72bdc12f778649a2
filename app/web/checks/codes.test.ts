import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codesOf } from '../ui/src/codes.ts';
import { repo } from './files.ts';

const go = readFileSync(join(repo, 'app/kit/codes/codes.go'), 'utf8');

test.each([
  ['nation', 'Nations'],
  ['education', 'Educations'],
  ['politics', 'Politics'],
] as const)('the codes of %s are those that the server takes', (list, name) => {
  const [, body = ''] = go.match(new RegExp(`var ${name} = List\\{([\\s\\S]*?)\\n\\}`)) ?? [];
  const taken = [...body.matchAll(/\{"(\d+)",/g)].map(([, code = '']) => code);
  expect(taken.length).toBeGreaterThan(5);
  expect(codesOf(list)).toEqual(taken.sort());
});
