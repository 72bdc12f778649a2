import { compact, count, pick, useLocale } from '@gonghui/ui';
import { useMemo } from 'react';
import type { NumberWords } from '../../chart/options.ts';
import type { Metric } from '../../data/queries.ts';

export interface FigureWords extends NumberWords {
  /** 1,286 */
  count: (n: number) => string;
}

/** How numbers of a metric are written in the language on screen. */
export function useWords(metric: Metric | undefined): FigureWords {
  const locale = useLocale();
  const unit = metric ? pick(locale, metric.unitZh, metric.unitEn) : '';
  return useMemo(
    () => ({
      short: (n) => compact(n, locale),
      exact: (n) => (unit ? `${count(n)} ${unit}` : count(n)),
      count,
    }),
    [locale, unit],
  );
}

/** How shares are written, in per cent. */
export const shareWords: FigureWords = { short: (n) => `${n}%`, exact: (n) => `${n}%`, count };
