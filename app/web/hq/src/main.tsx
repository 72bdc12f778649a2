import './hq.css';
import { start } from '@gonghui/ui';
import { supervisionTexts } from '@gonghui/ui/supervision';
import en from './i18n/hq.en.ts';
import zh from './i18n/hq.zh.ts';
import mergesEn from './i18n/merges.en.ts';
import mergesZh from './i18n/merges.zh.ts';
import overseeEn from './i18n/oversee.en.ts';
import overseeZh from './i18n/oversee.zh.ts';
import { routes } from './routes.tsx';

start({
  app: 'hq',
  basename: '/',
  messages: {
    zh: { ...zh, ...mergesZh, ...supervisionTexts.zh, ...overseeZh },
    en: { ...en, ...mergesEn, ...supervisionTexts.en, ...overseeEn },
  },
  routes,
});
