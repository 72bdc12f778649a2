import '@gonghui/ui/tokens.css';
import './meet.css';
import './net.css';
import './inside.css';
import './record.css';
import { startMode, startTexts } from '@gonghui/ui/base';
import baseEn from '@gonghui/ui/base.en';
import baseZh from '@gonghui/ui/base.zh';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import en from './i18n/meet.en.ts';
import zh from './i18n/meet.zh.ts';

startMode();
void startTexts({ zh: { ...baseZh, ...zh }, en: { ...baseEn, ...en } });
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
