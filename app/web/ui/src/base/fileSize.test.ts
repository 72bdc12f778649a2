import { expect, test } from 'vitest';
import { fileSize } from './fileSize.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  ['1400', '1.4 KB'],
  [48_000, '48 KB'],
  [1_449_000, '1.4 MB'],
  [2_300_000_000, '2.3 GB'],
])('%s bytes are %s', (bytes, want) => expect(fileSize(bytes)).toBe(want));
