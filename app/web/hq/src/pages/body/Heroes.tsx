import {
  compact,
  HeroFigure,
  type Locale,
  percent,
  pick,
  ShareFigure,
  useLocale,
  useT,
  count as written,
} from '@gonghui/ui';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import type { Figures, Metric } from '../../data/queries.ts';
import { count } from './rank.ts';
import { PART, shareTrend, WHOLE } from './share.ts';

/** Days of the small trend under a figure. */
const DAYS = 30;

interface Props {
  figures: Figures;
  metrics: Metric[];
  /** The metric by which bodies are ranked below. */
  chosen: string;
  choose: (metric: string) => void;
}

/** Every metric of the body: with all below it, its own, the course of the last days. */
export function Heroes({ figures, metrics, chosen, choose }: Props) {
  const t = useT();
  const locale = useLocale();
  const { search } = useLocation();
  const address = (metric: string) => {
    const next = new URLSearchParams(search);
    next.set('metric', metric);
    return `?${next}`;
  };
  return (
    <section className="heroes" aria-label={t('hq.figure.all')}>
      {metrics.map((metric) => {
        const figure = figures.figures.find((one) => one.metric === metric.name);
        const title = pick(locale, metric.titleZh, metric.titleEn);
        const on = metric.name === chosen;
        const link = (value: ReactNode) => (
          <Link
            to={address(metric.name)}
            replace
            aria-current={on ? 'true' : undefined}
            title={t('hq.figure.choose', { title: metric.name === PART ? t('hq.share.title') : title })}
          >
            {value}
          </Link>
        );
        const whole = metric.name === PART && figures.figures.find((one) => one.metric === WHOLE);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the link inside is what the keyboard reaches
          <div key={metric.name} className={on ? 'figure figure-on' : 'figure'} onClick={() => choose(metric.name)}>
            {whole ? (
              <ShareFigure
                label={t('hq.share.title')}
                definition={t('hq.share.definition')}
                share={{ part: figure?.subtree ?? 0, whole: whole.subtree }}
                trend={shareTrend(figure?.trend ?? [], whole.trend).slice(-DAYS)}
                aside={`${t('hq.share.of', {
                  part: written(figure?.subtree ?? 0),
                  whole: written(whole.subtree),
                })} \u00b7 ${t('hq.figure.own')} ${percent(figure?.own ?? 0, whole.own)}`}
                link={link}
              />
            ) : (
              <HeroFigure
                label={title}
                value={figure?.subtree ?? 0}
                unit={pick(locale, metric.unitZh, metric.unitEn)}
                definition={pick(locale, metric.definitionZh, metric.definitionEn)}
                trend={(figure?.trend ?? []).slice(-DAYS).map((day) => count(day.value))}
                aside={aside(
                  figure?.subtree ?? '0',
                  `${t('hq.figure.own')} ${compact(figure?.own ?? 0, locale)}`,
                  locale,
                )}
                link={link}
              />
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Under a shortened figure stands the exact one, for those who cannot hover, and so that one sees it move. */
function aside(subtree: string, own: string, locale: Locale): string {
  const exact = written(subtree);
  return exact === compact(subtree, locale) ? own : `${exact} \u00b7 ${own}`;
}
