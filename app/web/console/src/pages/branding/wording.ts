import type { Schemas } from '@gonghui/api';

type Text = Schemas['BrandingText'];

export interface Word {
  key: string;
  zh: string;
  en: string;
}

/** Sets a word in one language or both; one that says nothing goes. */
export function setWord(words: Word[], key: string, to: Partial<Word>): Word[] {
  const next = { key, zh: '', en: '', ...words.find((one) => one.key === key), ...to };
  const rest = words.filter((one) => one.key !== key);
  return next.zh || next.en ? [...rest, next] : rest;
}

/** Replaces a term wherever it stands, in Chinese as written and in English whatever its case; what has been worded goes along. */
export function replaceAll(texts: Text[], words: Word[], from: string, to: string): Word[] {
  const pattern = new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  return texts.reduce((now, text) => {
    const own = now.find((one) => one.key === text.key);
    const zh = (own?.zh || text.zh).replace(pattern, () => to);
    const en = (own?.en || text.en).replace(pattern, () => to);
    return setWord(now, text.key, {
      ...(zh !== (own?.zh || text.zh) && { zh }),
      ...(en !== (own?.en || text.en) && { en }),
    });
  }, words);
}

/** The texts in which more stands than there is room for. */
export const overLong = (texts: Text[], words: Word[]): string[] =>
  words.flatMap((word) => {
    const text = texts.find((one) => one.key === word.key);
    if (!text) return [];
    return [...(word.zh.length > text.mostZh ? [word.zh] : []), ...(word.en.length > text.mostEn ? [word.en] : [])];
  });
