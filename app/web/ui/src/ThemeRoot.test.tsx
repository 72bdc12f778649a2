import { act, fireEvent, render, screen } from '@testing-library/react';
import { Button } from 'antd';
import { useState } from 'react';
import { test, vi } from 'vitest';
import { setLocale } from './base/i18n.ts';
import { plainTheme } from './base/theme.ts';
import { ThemeRoot } from './ThemeRoot.tsx';
import { addUiTexts } from './uiTexts.ts';

function Save() {
  const [busy, setBusy] = useState(false);
  return (
    <>
      <Button loading={busy} onClick={() => setBusy(true)}>
        Save
      </Button>
      <button type="button" onClick={() => setBusy(false)}>
        answer
      </button>
    </>
  );
}

test('a button that was at work is the same one afterwards, however quick the answer', async () => {
  vi.stubGlobal('fetch', async () => Response.json(plainTheme));
  addUiTexts();
  setLocale('en');
  render(
    <ThemeRoot app="console">
      <Save />
    </ThemeRoot>,
  );
  const save = await screen.findByRole('button', { name: 'Save' });
  await act(async () => fireEvent.click(save));
  screen.getByRole('button', { name: 'Working Save' });
  await act(async () => fireEvent.click(screen.getByText('answer')));
  screen.getByRole('button', { name: 'Save' });
});
