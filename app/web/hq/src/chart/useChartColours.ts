import { useMode, useTheme } from '@gonghui/ui';
import { useMemo } from 'react';
import type { ChartColours } from './options.ts';

/** The page's tokens as plain colours: charts cannot mix CSS variables when they animate. */
export function useChartColours(): ChartColours {
  const { dark } = useMode();
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: mode and theme are what changes the page's tokens
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(name).trim();
    return {
      accent: token('--accent-text'),
      calm: token('--chart-bar'),
      faint: token('--line-strong'),
      text: token('--text-2'),
      line: token('--line'),
      surface: token('--raised'),
    };
  }, [dark, theme]);
}
