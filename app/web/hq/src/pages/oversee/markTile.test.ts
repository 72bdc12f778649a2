import { expect, test } from 'vitest';
import { markTile } from './markTile.ts';

test('a name cannot leave the picture', () => {
  const tile = decodeURIComponent(markTile('</text><script>"\'&'));
  expect(tile).not.toContain('<script');
  expect(tile.match(/<\/text>/g)).toHaveLength(1);
  expect(tile).toContain('&#60;/text&#62;');
});

test('the text stands in it', () => {
  expect(decodeURIComponent(markTile('Li Ming JD20261122-ABCDEF'))).toContain('>Li Ming JD20261122-ABCDEF<');
});
