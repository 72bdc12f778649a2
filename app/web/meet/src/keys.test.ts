import { expect, test } from 'vitest';
import { actOf, told } from './keys.ts';

const press = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  target: { tagName: 'BODY' },
  ...more,
});

test.each(told)('%s is %s', (key, act) => {
  expect(actOf(press(key === 'Esc' ? 'Escape' : key.toLowerCase()))).toBe(act);
  expect(actOf(press(key === 'Esc' ? 'Escape' : key))).toBe(act);
});

test.each([
  ['with Ctrl', { ctrlKey: true }],
  ['held down', { repeat: true }],
  ['while a word is composed', { isComposing: true }],
  ['in a text', { target: { tagName: 'TEXTAREA' } }],
  ['in a field', { target: { tagName: 'INPUT', type: 'text' } }],
  ['in a text of the page', { target: { tagName: 'DIV', isContentEditable: true } }],
])('M %s is none', (_, more) => {
  expect(actOf(press('m', more))).toBeNull();
});

test('a box to tick is no text, and Esc closes from anywhere', () => {
  expect(actOf(press('m', { target: { tagName: 'INPUT', type: 'checkbox' } }))).toBe('microphone');
  expect(actOf(press('Escape', { target: { tagName: 'TEXTAREA' } }))).toBe('close');
  expect(actOf(press('x'))).toBeNull();
});
