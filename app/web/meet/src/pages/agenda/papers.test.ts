import { expect, test } from 'vitest';
import { readMessage } from '../../signal/messages.ts';
import { isLookedAt, leftOf } from './papers.ts';

test('what is left of an item is counted down, and then up', () => {
  expect(leftOf(10, 1000, 1000 + 4 * 60_000)).toEqual({ over: false, span: 6 * 60_000 });
  expect(leftOf(10, 1000, 1000 + 11 * 60_000)).toEqual({ over: true, span: 60_000 });
  expect(leftOf(0, 1000, 2000)).toBeNull();
  expect(leftOf(10, 0, 2000)).toBeNull();
});

test('documents of Office are kept, PDFs and pictures looked at', () => {
  expect(['pdf', 'png', 'docx', 'ofd'].map(isLookedAt)).toEqual([true, true, false, false]);
});

test('sizes come as texts and are read as numbers, what is not said is there', () => {
  const read = readMessage(
    JSON.stringify({
      agenda: {
        items: [{ id: 'i', title: '讨论' }],
        papers: [{ id: 'p', name: 'a.pdf', kind: 'pdf', size: '52428800' }],
      },
      line: { id: 'l', text: 'a.png', file: { id: 'f', name: 'a.png', kind: 'png', size: '9' } },
      room: {
        title: '例会',
        agenda: { items: 1, version: '1764000000000000', item: 'i', began: '1764000000000' },
        files: 'x',
      },
    }),
  );
  expect(read?.agenda?.papers[0]).toMatchObject({ size: 52428800, itemId: '', download: false });
  expect(read?.agenda?.items[0]).toMatchObject({ minutes: 0, presenter: '' });
  expect(read?.line?.file?.size).toBe(9);
  expect(read?.room).toMatchObject({ files: 'all', agenda: { items: 1, began: 1764000000000, place: 0 } });
});
