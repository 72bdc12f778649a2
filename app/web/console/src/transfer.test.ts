import { expect, test } from 'vitest';
import { fileName } from './transfer.ts';

test.each([
  ['a plain name', 'attachment; filename="members.xlsx"', 'members.xlsx'],
  ['an encoded name goes first', `attachment; filename="x.csv"; filename*=UTF-8''%E4%BC%9A%E5%91%98.csv`, '会员.csv'],
  ['broken encoding', `attachment; filename*=UTF-8''%E4%B`, ''],
  ['no name', 'attachment', ''],
  ['no header', null, ''],
])('%s', (_, header, want) => expect(fileName(header)).toBe(want));
