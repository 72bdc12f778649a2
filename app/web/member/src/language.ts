import type { Locale } from '@gonghui/ui/base';

/** What a language calls itself. */
export const ownName = (locale: Locale): string =>
  new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
