import { expect, test } from 'vitest';
import { drawn, inked, put } from './mark.ts';

const marks = (box: HTMLElement) => [...box.children].filter((one) => one.localName.startsWith('mark-'));
const settled = () => new Promise((done) => setTimeout(done, 0));

test('a mark comes back when it is taken away, hidden or emptied', async () => {
  const box = document.createElement('div');
  document.body.append(box);
  const end = put(box, '陈荔生 5678');
  const [first] = marks(box);
  expect((first as HTMLElement).style.getPropertyPriority('opacity')).toBe('important');
  first?.remove();
  await settled();
  const [second] = marks(box);
  expect(marks(box)).toHaveLength(1);
  expect(second?.localName).not.toBe(first?.localName);
  second?.setAttribute('style', 'display: none');
  await settled();
  const [third] = marks(box);
  expect(third).not.toBe(second);
  expect((third as HTMLElement).style.display).toBe('block');
  third?.setAttribute('hidden', '');
  await settled();
  expect(marks(box)[0]).not.toBe(third);
  box.append(document.createElement('p'));
  await settled();
  expect(marks(box)).toHaveLength(1);
  end();
  await settled();
  expect(marks(box)).toHaveLength(0);
});

test('a name is no markup', () => {
  expect(decodeURIComponent(drawn('陈荔生 5678'))).toContain('>陈荔生 5678</text>');
  expect(decodeURIComponent(drawn('<b>&"'))).toContain('&#60;b&#62;&#38;&#34;');
});

test('on paper the name is dark', () => {
  expect(decodeURIComponent(inked('陈荔生 5678'))).toContain('fill="#000" fill-opacity="0.1"');
});
