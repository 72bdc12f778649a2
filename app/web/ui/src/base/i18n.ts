import type { Locale } from '@gonghui/api';
import { useSyncExternalStore } from 'react';
import uiEn from '../i18n/ui.en.ts';
import uiZh from '../i18n/ui.zh.ts';
import { read, write } from './store.ts';

export type { Locale };

/** What stands in the {{gaps}} of a text; `count` also chooses between its _one and _other forms. */
export type Gaps = Record<string, string | number>;
export type T = (key: string, gaps?: Gaps) => string;

const KEY = 'locale';
const texts: Record<Locale, Record<string, string>> = { zh: {}, en: {} };
const listeners = new Set<() => void>();
let current: Locale = 'zh';

function preferred(): Locale {
  const stored = read(KEY);
  if (stored === 'zh' || stored === 'en') return stored;
  for (const tag of navigator.languages ?? []) {
    if (tag.startsWith('zh')) return 'zh';
    if (tag.startsWith('en')) return 'en';
  }
  return 'zh';
}

/** Nested messages by their whole key: { act: { save } } becomes "act.save". */
function flatten(tree: object, into: Record<string, string>, head = ''): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into[head + key] = value;
    else flatten(value, into, `${head}${key}.`);
  }
}

function writer(locale: Locale): T {
  const plural = new Intl.PluralRules(locale);
  return (key, gaps = {}) => {
    const forms = typeof gaps.count === 'number' ? [`${key}_${plural.select(gaps.count)}`, key] : [key];
    for (const table of [texts[locale], texts.zh]) {
      for (const form of forms) {
        const text = table[form];
        if (text !== undefined) return text.replace(/\{\{(\w+)\}\}/g, (_, gap: string) => String(gaps[gap] ?? ''));
      }
    }
    return key;
  };
}

const writers: Record<Locale, T> = { zh: writer('zh'), en: writer('en') };

function show(locale: Locale): void {
  current = locale;
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  for (const listener of listeners) listener();
}

/** addTexts loads messages that only a part of an app needs, before that part is drawn. */
export function addTexts(messages: { zh: object; en: object }): void {
  flatten(messages.zh, texts.zh);
  flatten(messages.en, texts.en);
}

/** startTexts loads an app's messages beside those of ui. Call it once, before the first render. */
export function startTexts(messages: { zh: object; en: object }): void {
  addTexts({ zh: uiZh, en: uiEn });
  addTexts(messages);
  show(preferred());
}

/** setLocale changes the language; unless `keep` is false the device remembers it. */
export function setLocale(locale: Locale, keep = true): void {
  if (keep) write(KEY, locale);
  show(locale);
}

const subscribe = (changed: () => void) => {
  listeners.add(changed);
  return () => listeners.delete(changed);
};

/** The language on screen; the component is drawn again when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, () => current);
}

/** useT gives the function that turns a key into text in the language on screen. */
export function useT(): T {
  return writers[useLocale()];
}

/** pick takes the text of the language on screen from a message that carries both: title_zh, title_en. */
export function pick(locale: Locale, zh: string, en: string): string {
  return locale === 'en' ? en || zh : zh;
}

/** What a language calls itself: the word on a switch. */
export function languageName(locale: Locale): string {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
}
