import type { T } from '../base/i18n.ts';

/** By what a session was opened, in words: "password+totp" has two. */
export function factorWords(t: T, factor: string): string {
  if (!factor) return '';
  const by = factor.split('+').map((one) => t(`security.by.${one}`));
  return t('security.by.words', { by: by.join(' + ') });
}
