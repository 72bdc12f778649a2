import { addTexts } from './base/i18n.ts';
import baseEn from './i18n/base.en.ts';
import baseZh from './i18n/base.zh.ts';
import en from './i18n/ui.en.ts';
import zh from './i18n/ui.zh.ts';

/** Loads the words of the shared parts, for the desks: console and hq. */
export function addUiTexts(): void {
  addTexts({ zh: baseZh, en: baseEn });
  addTexts({ zh, en });
}
