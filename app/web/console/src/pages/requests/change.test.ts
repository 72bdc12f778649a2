import { expect, test } from 'vitest';
import { inWords } from './change.ts';

// Answers with the key, as i18next does for what it does not know, or with the default.
const t = ((key: string, options?: { defaultValue?: string }) =>
  key.endsWith('.99') ? (options?.defaultValue ?? key) : key) as never;

test.each([
  ['a code has its word', 'education', '20', 'code.education.20'],
  ['political status goes by its list', 'politicalStatus', '01', 'code.politics.01'],
  ['a code that is newer than this page stays', 'nation', '99', '99'],
  ['yes', 'migrant', 'true', 'requests.yes'],
  ['no', 'migrant', 'false', 'requests.no2'],
  ['an empty migrant is no', 'migrant', '', 'requests.no2'],
  ['text stays as it is', 'employer', 'ACME', 'ACME'],
  ['empty stays empty', 'education', '', ''],
])('%s', (_, field, value, want) => expect(inWords(field, value, t)).toBe(want));
