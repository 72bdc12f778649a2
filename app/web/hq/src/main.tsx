import './hq.css';
import { start } from '@gonghui/ui';
import { appTexts } from '@gonghui/ui/apps';
import { supervisionTexts } from '@gonghui/ui/supervision';
import fleetEn from './i18n/fleet.en.ts';
import fleetZh from './i18n/fleet.zh.ts';
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
    zh: { ...zh, ...mergesZh, ...supervisionTexts.zh, ...overseeZh, ...appTexts.zh, ...fleetZh },
    en: { ...en, ...mergesEn, ...supervisionTexts.en, ...overseeEn, ...appTexts.en, ...fleetEn },
  },
  routes,
});
