import en from './i18n/security.en.ts';
import zh from './i18n/security.zh.ts';

/** The words of signing in by more than a password, and of the security page, under `security`. */
export const securityTexts = { zh, en };
