import type { Locale } from '@gonghui/api';
import { useSyncExternalStore } from 'react';
import { read, write } from './store.ts';

export type { Locale };

/** What stands in the {{gaps}} of a text; `count` also chooses between its _one and _other forms. */
export type Gaps = Record<string, string | number>;
export type T = (key: string, gaps?: Gaps) => string;

const KEY = 'locale';

type Tree = object;
/** A tree of messages, or the way to fetch it. */
export type Source = Tree | (() => Promise<{ default: Tree }>);

const texts: Record<Locale, Record<string, string>> = { zh: {}, en: {} };
/** What is still to be fetched of a language. */
const later: Record<Locale, (() => Promise<{ default: Tree }>)[]> = { zh: [], en: [] };
const coming: Record<Locale, Promise<unknown> | undefined> = { zh: undefined, en: undefined };
const listeners = new Set<() => void>();
let current: Locale = 'zh';
let wanted: Locale = 'zh';
/** The body's own words, in the place of the product's. */
let words: Record<Locale, Record<string, string>> = { zh: {}, en: {} };
/** The languages that the body offers, and the one it starts in; '' for that of the device. */
let offered: readonly Locale[] = ['zh', 'en'];
let preset = '';

function preferred(): Locale {
  const stored = read(KEY);
  const device = (navigator.languages ?? []).map((tag) => tag.slice(0, 2));
  return [stored, preset, ...device].find((one): one is Locale => offered.some((o) => o === one)) ?? offered[0] ?? 'zh';
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
    for (const table of [words[locale], texts[locale], texts.zh]) {
      for (const form of forms) {
        const text = table[form];
        if (text !== undefined) return text.replace(/\{\{(\w+)\}\}/g, (_, gap: string) => String(gaps[gap] ?? ''));
      }
    }
    return key;
  };
}

let writers: Record<Locale, T> = { zh: writer('zh'), en: writer('en') };

const told = () => {
  for (const listener of listeners) listener();
};

function show(locale: Locale): void {
  current = locale;
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  told();
}

/** addTexts loads messages that only a part of an app needs, before that part is drawn. */
export function addTexts(messages: { zh: object; en: object }): void {
  flatten(messages.zh, texts.zh);
  flatten(messages.en, texts.en);
}

function take(locale: Locale, source: Source): void {
  if (typeof source === 'function') later[locale].push(source as () => Promise<{ default: Tree }>);
  else flatten(source, texts[locale]);
}

/**
 * Fetches what is missing of a language; undefined when nothing is, and nothing is on its way. What does not come is asked for
 * again the next time.
 */
function missing(locale: Locale): Promise<unknown> | undefined {
  const asked = later[locale].splice(0);
  if (asked.length === 0) return coming[locale];
  const answers = asked.map((source) =>
    source().then(
      (fetched) => {
        flatten(fetched.default, texts[locale]);
        writers[locale] = writer(locale);
      },
      () => later[locale].push(source),
    ),
  );
  const all = Promise.all([coming[locale], ...answers]).then(() => {
    if (coming[locale] === all) coming[locale] = undefined;
  });
  coming[locale] = all;
  return all;
}

/** Turns to a language once its words are there; what is missing of it then is said in Chinese. */
function turn(locale: Locale): Promise<void> | undefined {
  wanted = locale;
  const fetched = missing(locale);
  if (!fetched) {
    show(locale);
    return;
  }
  told();
  return fetched.then(() => {
    if (wanted === locale) show(locale);
  });
}

/**
 * startTexts loads an app's messages; a language that is given as a function is fetched when it is wanted. Call it once, before
 * the first render. The promise ends when the words of the language on screen are there.
 */
export async function startTexts(messages: { zh: Source; en: Source }): Promise<void> {
  take('zh', messages.zh);
  take('en', messages.en);
  await turn(preferred());
}

/** fetchTexts loads messages that only a part of an app needs, those of the language on screen at once. */
export async function fetchTexts(messages: { zh: Source; en: Source }): Promise<void> {
  take('zh', messages.zh);
  take('en', messages.en);
  await missing(current);
}

/** setLocale changes the language; unless `keep` is false the device remembers it. */
export function setLocale(locale: Locale, keep = true): void {
  if (keep) write(KEY, locale);
  void turn(locale);
}

/** word takes up the body's own words; components that show a text are drawn again. */
export function word(own: readonly { key: string; zh: string; en: string }[]): void {
  const next: typeof words = { zh: {}, en: {} };
  for (const { key, zh, en } of own) {
    if (zh) next.zh[key] = zh;
    if (en) next.en[key] = en;
  }
  if (JSON.stringify(next) === JSON.stringify(words)) return;
  words = next;
  writers = { zh: writer('zh'), en: writer('en') };
  show(current);
}

/** offer takes up the languages of the body, and the one that it starts in; what the person chose stays where it is offered. */
export function offer(languages: readonly string[], start: string): void {
  const next = (['zh', 'en'] as const).filter((one) => languages.length === 0 || languages.includes(one));
  if (next.join() === offered.join() && start === preset) return;
  offered = next;
  preset = start;
  void turn(preferred());
}

const subscribe = (changed: () => void) => {
  listeners.add(changed);
  return () => listeners.delete(changed);
};

/** The language on screen; the component is drawn again when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, () => current);
}

/** The language that was chosen last: that on screen, or the one whose words are on their way. */
export function useChosenLocale(): Locale {
  return useSyncExternalStore(subscribe, () => wanted);
}

/** useT gives the function that turns a key into text in the language on screen. */
export function useT(): T {
  return useSyncExternalStore(subscribe, () => writers[current]);
}

/** The languages that the body offers: with one alone there is nothing to switch. */
export function useLanguages(): readonly Locale[] {
  return useSyncExternalStore(subscribe, () => offered);
}

/** pick takes the text of the language on screen from a message that carries both: title_zh, title_en. */
export function pick(locale: Locale, zh: string, en: string): string {
  return locale === 'en' ? en || zh : zh;
}

const names: Record<Locale, string> = { zh: '\u4e2d\u6587', en: 'English' };

/** What a language calls itself: the word on a switch. */
export function languageName(locale: Locale): string {
  return names[locale];
}
