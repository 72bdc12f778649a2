import en from '../../i18n/authorize.en.ts';
import zh from '../../i18n/authorize.zh.ts';

/** The words of signing in to applications: few ever see them, so they come with the pages that need them. */
export const authorizeTexts = { zh, en };
