import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { type Count, compact, count, signed } from './base/format.ts';
import { useLocale, useT } from './base/i18n.ts';
import { Sparkline } from './base/Sparkline.tsx';

interface Props {
  label: string;
  value: Count;
  unit?: string;
  /** What is counted, in a sentence; shown on hover and focus. */
  definition?: string;
  /** Values by day, oldest first. */
  trend?: number[];
  /** A second figure under the first: "of which own". */
  aside?: ReactNode;
  /** Where the figure leads. */
  link?: (children: ReactNode) => ReactNode;
}

/** One figure that matters: value, course, what it means. */
export function HeroFigure({ label, value, unit, definition, trend = [], aside, link }: Props) {
  const t = useT();
  const locale = useLocale();
  const short = compact(value, locale);
  const exact = count(value);
  const first = trend[0] ?? 0;
  const last = trend[trend.length - 1] ?? 0;
  const change = last - first;
  const figure = (
    <span className="hero-value num">
      {short}
      {unit && <span className="hero-unit">{unit}</span>}
    </span>
  );
  return (
    <div className="hero">
      <Tooltip title={definition}>
        <span className={definition ? 'hero-label hero-defined' : 'hero-label'} tabIndex={definition ? 0 : undefined}>
          {label}
        </span>
      </Tooltip>
      <Tooltip title={short === exact ? undefined : t('figure.exact', { value: exact })}>
        <span>{link ? link(figure) : figure}</span>
      </Tooltip>
      {aside && <span className="hero-aside num">{aside}</span>}
      {trend.length > 1 && (
        <span className="hero-trend num">
          <span>
            {change === 0
              ? t('figure.flat', { days: trend.length })
              : t('figure.trend', { days: trend.length, change: signed(change) })}
          </span>
          <Sparkline
            values={trend}
            label={t('figure.course', { name: label, days: trend.length, from: count(first), to: count(last) })}
          />
        </span>
      )}
    </div>
  );
}
