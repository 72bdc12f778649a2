import en from './i18n/codes.en.ts';
import zh from './i18n/codes.zh.ts';

/** The words of the real-name file's codes, under `code.` Spread them into an app's messages: t('code.nation.01'). */
export const codeTexts = { zh, en };

export type CodeList = keyof typeof zh.code;

/** The codes of a list in the order of the standard. */
export function codesOf(list: CodeList): string[] {
  const codes = Object.keys(zh.code[list]);
  return list === 'nation' || list === 'education' || list === 'politics' ? codes.sort() : codes;
}
