import './apps.css';
import en from '../i18n/apps.en.ts';
import zh from '../i18n/apps.zh.ts';

export { Installs } from './Installs.tsx';

/** The words of the apps of bodies, under `apps.` Spread them into an app's messages. */
export const appTexts = { zh, en };

/** The ways in which an app comes to people, those for everybody first. */
export const channels = ['pwa', 'android', 'webclip', 'ios', 'miniprogram', 'harmony', 'filing'] as const;

export type ChannelName = (typeof channels)[number];
