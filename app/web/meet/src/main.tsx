import '@gonghui/ui/tokens.css';
import './meet.css';
import './net.css';
import './inside.css';
import './record.css';
import './elder.css';
import { startElder, startMode, startTexts } from '@gonghui/ui/base';
import baseZh from '@gonghui/ui/base.zh';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import zh from './i18n/meet.zh.ts';

startMode();
startElder();
const root = document.getElementById('root');
// English is fetched by who reads it; nothing is said in the wrong language meanwhile.
void startTexts({ zh: { ...baseZh, ...zh }, en: () => import('./i18n/all.en.ts') }).then(() => {
  if (root)
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
});
