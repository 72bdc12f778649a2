import { fetchTexts } from '@gonghui/ui/base';

let coming: Promise<void> | undefined;

/** Fetches the words of the pages behind the first one, once. */
export function pageTexts(): Promise<void> {
  coming ??= fetchTexts({ zh: () => import('./pages.zh.ts'), en: () => import('./pages.en.ts') });
  return coming;
}
