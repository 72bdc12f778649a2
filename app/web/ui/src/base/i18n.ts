import type { Locale } from '@gonghui/api';
import i18next, { type Resource, type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import uiEn from '../i18n/ui.en.ts';
import uiZh from '../i18n/ui.zh.ts';
import { read, write } from './store.ts';

export type { Locale };

const i18n = i18next.createInstance();
const KEY = 'locale';

function preferred(): Locale {
  const stored = read(KEY);
  if (stored === 'zh' || stored === 'en') return stored;
  for (const tag of navigator.languages ?? []) {
    if (tag.startsWith('zh')) return 'zh';
    if (tag.startsWith('en')) return 'en';
  }
  return 'zh';
}

function mark(locale: string) {
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
}

/** startTexts loads an app's messages beside those of ui. Call it once, before the first render. */
export function startTexts(messages: { zh: object; en: object }): void {
  const resources: Resource = {
    zh: { translation: { ...uiZh, ...messages.zh } },
    en: { translation: { ...uiEn, ...messages.en } },
  };
  void i18n.init({
    resources,
    lng: preferred(),
    fallbackLng: 'zh',
    initAsync: false,
    interpolation: { escapeValue: false },
    returnEmptyString: false,
  });
  mark(i18n.language);
  i18n.on('languageChanged', mark);
}

export function setLocale(locale: Locale): void {
  write(KEY, locale);
  void i18n.changeLanguage(locale);
}

const subscribe = (changed: () => void) => {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
};

/** The language on screen; the component is drawn again when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, () => (i18n.language === 'en' ? 'en' : 'zh'));
}

/** useT gives the function that turns a key into text in the language on screen. */
export function useT(): TFunction {
  useLocale();
  return i18n.t;
}

/** pick takes the text of the language on screen from a message that carries both: title_zh, title_en. */
export function pick(locale: Locale, zh: string, en: string): string {
  return locale === 'en' ? en || zh : zh;
}

/** What a language calls itself: the word on a switch. */
export function languageName(locale: Locale): string {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
}
