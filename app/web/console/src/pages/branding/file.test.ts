import { expect, test } from 'vitest';
import { fileOf, LARGEST, readFile } from './file.ts';

const file = {
  format: 'gonghui-branding',
  version: 1,
  profile: { names: { appName: 'a' }, logo: null, fixed: [], home: [{}] },
};

test('the parts of a file are those with something in them', () => {
  expect(fileOf(file)).toEqual(['names', 'home']);
  expect(fileOf({})).toEqual([]);
  expect(fileOf({ profile: 'x' })).toEqual([]);
});

test('what is no design is none', async () => {
  expect(await readFile(new Blob([JSON.stringify(file)]))).toEqual(file);
  for (const text of ['', 'null', '{', '[]', '{"gonghui":"menu"}', '{"format":1}']) {
    expect(await readFile(new Blob([text]))).toBeNull();
  }
  expect(await readFile(new Blob([new Uint8Array(LARGEST + 1)]))).toBeNull();
});
