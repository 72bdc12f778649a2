import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { App, ConfigProvider } from 'antd';
import type { ReactNode } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { setLocale, startTexts } from './base/i18n.ts';
import { securityTexts } from './securityTexts.ts';
import { newQueryClient } from './ThemeRoot.tsx';
import { addUiTexts } from './uiTexts.ts';

/** Draws a part as an app would, in English, at an address. */
export function draw(node: ReactNode, { path = '/', at = path }: { path?: string; at?: string } = {}) {
  addUiTexts();
  void startTexts(securityTexts);
  setLocale('en');
  const router = createMemoryRouter([{ path, element: node }], { initialEntries: [at] });
  const view = render(
    <QueryClientProvider client={newQueryClient()}>
      <ConfigProvider theme={{ token: { motion: false } }}>
        <App>
          <RouterProvider router={router} />
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  return { ...view, router };
}
