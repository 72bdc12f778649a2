import './base/tokens.css';
import './parts.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, type RouteObject, RouterProvider } from 'react-router';
import { addTexts, startTexts } from './base/i18n.ts';
import { startMode } from './base/mode.ts';
import { securityTexts } from './securityTexts.ts';
import { ThemeRoot } from './ThemeRoot.tsx';
import { addUiTexts } from './uiTexts.ts';

interface Options {
  app: 'console' | 'hq';
  /** The path under which the app is served: "/console" or "/". */
  basename: string;
  messages: { zh: object; en: object };
  routes: RouteObject[];
}

/** start draws an antd app into #root. */
export function start({ app, basename, messages, routes }: Options): void {
  startMode();
  addUiTexts();
  addTexts(securityTexts);
  void startTexts(messages);
  const root = document.getElementById('root');
  if (!root) throw new Error('no #root in the page');
  const router = createBrowserRouter(routes, { basename });
  createRoot(root).render(
    <StrictMode>
      <ThemeRoot app={app}>
        <RouterProvider router={router} />
      </ThemeRoot>
    </StrictMode>,
  );
}
