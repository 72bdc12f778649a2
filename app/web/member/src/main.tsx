import './member.css';
import { startMode, startTexts } from '@gonghui/ui/base';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { startElder } from './elder.ts';
import en from './i18n/member.en.ts';
import zh from './i18n/member.zh.ts';
import { newQueryClient } from './session.ts';
import { startShell } from './shell.ts';

startTexts({ zh, en });
startMode();
startElder();
startShell();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={newQueryClient()}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
