import { start } from '@gonghui/ui';
import { codeTexts } from '@gonghui/ui/codes';
import './console.css';
import en from './i18n/console.en.ts';
import zh from './i18n/console.zh.ts';
import peopleEn from './i18n/people.en.ts';
import peopleZh from './i18n/people.zh.ts';
import { routes } from './routes.tsx';

start({
  app: 'console',
  basename: '/console',
  messages: { zh: { ...zh, ...peopleZh, ...codeTexts.zh }, en: { ...en, ...peopleEn, ...codeTexts.en } },
  routes,
});
