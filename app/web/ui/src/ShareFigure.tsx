import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { type Count, percent } from './base/format.ts';
import { useT } from './base/i18n.ts';
import { Sparkline } from './base/Sparkline.tsx';

/** How many of how many. */
export interface Share {
  part: Count;
  whole: Count;
}

interface Props {
  label: string;
  share: Share;
  /** What is counted, in a sentence; shown on hover and focus. */
  definition?: string;
  /** Shares by day, oldest first. */
  trend?: Share[];
  /** Under the figure: "9,863 of 10,000". */
  aside?: ReactNode;
  /** Where the figure leads. */
  link?: (children: ReactNode) => ReactNode;
}

/** A share as a figure that matters: per cent, course, of what. */
export function ShareFigure({ label, share, definition, trend = [], aside, link }: Props) {
  const t = useT();
  const known = trend.filter((day) => Number(day.whole) > 0);
  const first = known[0];
  const last = known.at(-1);
  const figure = <span className="hero-value num">{percent(share.part, share.whole)}</span>;
  const change =
    first && last ? points(Number(last.part) / Number(last.whole) - Number(first.part) / Number(first.whole)) : '0';
  return (
    <div className="hero">
      <Tooltip title={definition}>
        <span className={definition ? 'hero-label hero-defined' : 'hero-label'} tabIndex={definition ? 0 : undefined}>
          {label}
        </span>
      </Tooltip>
      <span>{link ? link(figure) : figure}</span>
      {aside && <span className="hero-aside num">{aside}</span>}
      {first && last && known.length > 1 && (
        <span className="hero-trend num">
          <span>
            {change === '0'
              ? t('figure.flat', { days: known.length })
              : t('figure.points', { days: known.length, change })}
          </span>
          <Sparkline
            values={known.map((day) => Number(day.part) / Number(day.whole))}
            label={t('figure.course', {
              name: label,
              days: known.length,
              from: percent(first.part, first.whole),
              to: percent(last.part, last.whole),
            })}
          />
        </span>
      )}
    </div>
  );
}

/** A difference of shares in points of a hundred: +1.2, with a true minus sign. */
function points(difference: number): string {
  const tenths = Math.round(difference * 1000);
  if (tenths === 0) return '0';
  return `${tenths > 0 ? '+' : '\u2212'}${Math.abs(tenths) / 10}`;
}
