import './hq.css';
import { start } from '@gonghui/ui';
import en from './i18n/hq.en.ts';
import zh from './i18n/hq.zh.ts';
import { routes } from './routes.tsx';

start({ app: 'hq', basename: '/', messages: { zh, en }, routes });
