import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { addUiTexts } from '../uiTexts.ts';
import {
  addTexts,
  offer,
  setLocale,
  startTexts,
  useChosenLocale,
  useLanguages,
  useLocale,
  useT,
  word,
} from './i18n.ts';

function Chosen() {
  return <b>{useChosenLocale()}</b>;
}

function Words({ count = 1 }: { count?: number }) {
  const t = useT();
  return (
    <p>
      {t('trial.hello', { name: 'A.$&' })}|{t('trial.files', { count })}|{t('trial.later')}|{t('act.save')}|
      {t('trial.none')}
    </p>
  );
}

beforeEach(() => {
  localStorage.clear();
  addUiTexts();
  void startTexts({
    zh: { trial: { hello: '你好，{{name}}', files: '{{count}} 个文件', later: 'trial.later' } },
    en: { trial: { hello: 'Hello {{name}}', files_one: '{{count}} file', files_other: '{{count}} files' } },
  });
});

test('gaps are filled, plurals chosen, and what English lacks is said in Chinese', () => {
  act(() => setLocale('en'));
  const { rerender } = render(<Words />);
  expect(screen.getByText('Hello A.$&|1 file|trial.later|Save|trial.none')).toBeTruthy();
  rerender(<Words count={3} />);
  expect(screen.getByText(/3 files/)).toBeTruthy();
  act(() => setLocale('zh'));
  expect(screen.getByText('你好，A.$&|3 个文件|trial.later|保存|trial.none')).toBeTruthy();
  expect(document.documentElement.lang).toBe('zh-CN');
});

test('texts that a part brings along are there when it is drawn', () => {
  addTexts({ zh: { trial: { later: '随后' } }, en: { trial: { later: 'later' } } });
  act(() => setLocale('en'));
  render(<Words />);
  expect(screen.getByText(/\|later\|/)).toBeTruthy();
});

test('a union’s own words stand in the place of the product’s, at once and with their gaps', () => {
  act(() => setLocale('zh'));
  render(<Words />);
  act(() => word([{ key: 'trial.hello', zh: '{{name}}同志，您好', en: '' }]));
  expect(screen.getByText(/A\.\$&同志，您好/)).toBeTruthy();
  // Not worded in English: the product's own.
  act(() => setLocale('en'));
  expect(screen.getByText(/Hello A\.\$&/)).toBeTruthy();
  act(() => word([]));
  act(() => setLocale('zh'));
  expect(screen.getByText(/你好，A\.\$&/)).toBeTruthy();
});

function Offered() {
  const languages = useLanguages();
  return (
    <p>
      {useLocale()}/{languages.join('+')}
    </p>
  );
}

test('a language that is not offered is not on screen; what the person chose comes back with it', () => {
  act(() => setLocale('en'));
  render(<Offered />);
  act(() => offer(['zh'], ''));
  expect(screen.getByText('zh/zh')).toBeTruthy();
  act(() => offer(['zh', 'en'], 'zh'));
  expect(screen.getByText('en/zh+en')).toBeTruthy();
  localStorage.clear();
  act(() => offer(['zh', 'en'], ''));
  act(() => offer(['zh', 'en'], 'en'));
  expect(screen.getByText('en/zh+en')).toBeTruthy();
  act(() => offer([], ''));
  act(() => setLocale('zh'));
});

test('a language that is fetched shows when its words are there, and is asked for again when they did not come', async () => {
  const fetched = vi
    .fn()
    .mockRejectedValueOnce(new Error('no network'))
    .mockResolvedValue({ default: { trial: { later: 'fetched' } } });
  void startTexts({ zh: { trial: { later: '\u7a0d\u540e' } }, en: fetched });
  act(() => setLocale('zh'));
  render(<Words />);
  await act(async () => setLocale('en'));
  expect(document.documentElement.lang).toBe('en');
  expect(screen.queryByText(/\|fetched\|/)).toBeNull();
  await act(async () => setLocale('en'));
  expect(screen.getByText(/\|fetched\|/)).toBeTruthy();
  act(() => setLocale('zh'));
  await act(async () => setLocale('en'));
  expect(fetched).toHaveBeenCalledTimes(2);
});

test('who changes back before the words have come stays where they are', async () => {
  let come = (_: { default: object }) => {};
  void startTexts({ zh: {}, en: () => new Promise((done) => (come = done)) });
  act(() => setLocale('zh'));
  render(<Chosen />);
  act(() => setLocale('en'));
  expect(screen.getByText('en')).toBeTruthy();
  expect(document.documentElement.lang).toBe('zh-CN');
  act(() => setLocale('zh'));
  await act(async () => come({ default: {} }));
  expect(document.documentElement.lang).toBe('zh-CN');
});
