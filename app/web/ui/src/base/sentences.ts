import type { Locale } from '@gonghui/api';

/** Sentences one after the other: Chinese ones need no blank between. What is empty is left out. */
export function sentences(locale: Locale, parts: readonly (string | false | undefined | null)[]): string {
  return parts.filter(Boolean).join(locale === 'zh' ? '' : ' ');
}
