import './member.css';
import { offer, startElder, startMode, startTexts } from '@gonghui/ui/base';
import baseZh from '@gonghui/ui/base.zh';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, ahead } from './App.tsx';
import zh from './i18n/member.zh.ts';
import { startInstalling } from './installing.ts';
import { meQuery, newQueryClient } from './session.ts';
import { startShell } from './shell.ts';

const { languages = [], language = '' } = window.gonghuiLook ?? {};
offer(languages, language);
const texts = startTexts({ zh: { ...baseZh, ...zh }, en: () => import('./i18n/en.ts') });
startMode();
startElder();
startShell();
startInstalling();

const client = newQueryClient();

function draw(): void {
  const root = document.getElementById('root');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** The start screen stands until it is known who is here and what they see first: that then comes in one piece. */
async function start(): Promise<void> {
  await client.prefetchQuery(meQuery);
  await Promise.all([texts, ahead(client.getQueryData(meQuery.queryKey))]);
}

// What could not be fetched ahead says so where it is missed.
void start().then(draw, draw);
