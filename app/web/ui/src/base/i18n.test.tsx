import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { addTexts, setLocale, startTexts, useT } from './i18n.ts';

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
  startTexts({
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
