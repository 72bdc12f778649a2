import { start } from '@gonghui/ui';
import { appTexts } from '@gonghui/ui/apps';
import { codeTexts } from '@gonghui/ui/codes';
import { supervisionTexts } from '@gonghui/ui/supervision';
import './console.css';
import './ownApp.css';
import accountsEn from './i18n/accounts.en.ts';
import accountsZh from './i18n/accounts.zh.ts';
import agendaEn from './i18n/agenda.en.ts';
import agendaZh from './i18n/agenda.zh.ts';
import arrangeEn from './i18n/arrange.en.ts';
import arrangeZh from './i18n/arrange.zh.ts';
import brandingEn from './i18n/branding.en.ts';
import brandingZh from './i18n/branding.zh.ts';
import en from './i18n/console.en.ts';
import zh from './i18n/console.zh.ts';
import meetingsEn from './i18n/meetings.en.ts';
import meetingsZh from './i18n/meetings.zh.ts';
import meetingVotesEn from './i18n/meetingVotes.en.ts';
import meetingVotesZh from './i18n/meetingVotes.zh.ts';
import menusEn from './i18n/menus.en.ts';
import menusZh from './i18n/menus.zh.ts';
import overseenEn from './i18n/overseen.en.ts';
import overseenZh from './i18n/overseen.zh.ts';
import ownAppEn from './i18n/ownApp.en.ts';
import ownAppZh from './i18n/ownApp.zh.ts';
import peopleEn from './i18n/people.en.ts';
import peopleZh from './i18n/people.zh.ts';
import planningEn from './i18n/planning.en.ts';
import planningZh from './i18n/planning.zh.ts';
import recordingsEn from './i18n/recordings.en.ts';
import recordingsZh from './i18n/recordings.zh.ts';
import { routes } from './routes.tsx';

start({
  app: 'console',
  basename: '/console',
  messages: {
    zh: {
      ...zh,
      ...peopleZh,
      ...meetingsZh,
      ...planningZh,
      ...agendaZh,
      ...arrangeZh,
      ...meetingVotesZh,
      ...recordingsZh,
      ...menusZh,
      ...brandingZh,
      ...ownAppZh,
      ...appTexts.zh,
      ...accountsZh,
      ...codeTexts.zh,
      ...supervisionTexts.zh,
      ...overseenZh,
    },
    en: {
      ...en,
      ...peopleEn,
      ...meetingsEn,
      ...planningEn,
      ...agendaEn,
      ...arrangeEn,
      ...meetingVotesEn,
      ...recordingsEn,
      ...menusEn,
      ...brandingEn,
      ...ownAppEn,
      ...appTexts.en,
      ...accountsEn,
      ...codeTexts.en,
      ...supervisionTexts.en,
      ...overseenEn,
    },
  },
  routes,
});
