import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reasons } from '../api/src/reasons.ts';
import { repo, walk } from './files.ts';

const general = [
  'INVALID_ARGUMENT',
  'RATE_LIMITED',
  'FORBIDDEN',
  'MODULE_OFF',
  'NOT_FOUND',
  'INTERNAL',
  'BODY_TOO_LARGE',
  'CSRF',
  'TIMEOUT',
  'STALE',
];

const modules = ['app', 'tenant', 'branding', 'builder', 'media'];
const files = (ending: string) =>
  modules.flatMap((top) => walk(join(repo, top), (p) => p.endsWith(ending)).map((p) => join(repo, top, p)));

/** Every value of every `enum Reason` of the product's protos. */
function declared(): string[] {
  const names = new Set<string>();
  for (const file of files('.proto')) {
    for (const [, body = ''] of readFileSync(file, 'utf8').matchAll(/enum Reason \{([^}]*)\}/g)) {
      for (const [, name = ''] of body.matchAll(/^\s*([A-Z][A-Z0-9_]*)\s*=/gm)) names.add(name);
    }
  }
  names.delete('REASON_UNSPECIFIED');
  return [...names];
}

/** The reasons of the platform's own edge: fault.Plain(code, "REASON", …) in the server. */
function plain(): string[] {
  const names = files('.go').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/fault\.Plain\([^"]*?"([A-Z_]+)"/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)];
}

test('every reason of the protos has wording in both languages', () => {
  const names = declared();
  expect(names).toContain('SIGN_IN_REFUSED');
  for (const name of new Set([...names, ...plain(), ...general])) {
    expect(reasons[name]?.zh, `${name} zh`).toMatch(/\p{Script=Han}/u);
    expect(reasons[name]?.en, `${name} en`).toMatch(/^[\x20-\x7e]+$/);
  }
});
