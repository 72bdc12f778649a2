import { api, take } from '@gonghui/api';
import {
  Bars,
  count,
  ErrorState,
  Freshness,
  HeroFigure,
  percent,
  pick,
  ShareFigure,
  useLocale,
  useT,
} from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../data.ts';

/** Milliseconds between two looks at the figures. */
const REFRESH = 10_000;

/** The figure that is read as a share, and the one of which it is a share. */
const PART = 'member.complete';
const WHOLE = 'member.active';

/** What the body and all below it have, with the course of the last days. */
export function OwnFigures({ code }: { code: string }) {
  const t = useT();
  const locale = useLocale();
  const metrics = useQuery({
    queryKey: ['metrics'],
    queryFn: () => take(api.GET('/v1/metrics')),
    staleTime: 300_000,
  });
  const figures = useQuery({
    queryKey: [...keys.figures, code],
    queryFn: () => take(api.GET('/v1/figures/{code}', { params: { path: { code } } })),
    refetchInterval: REFRESH,
  });
  const error = figures.error ?? metrics.error;
  const data = figures.data;
  return (
    <section className="section" aria-label={t('home.figures')}>
      <div className="section-head">
        <h2>{t('home.figures')}</h2>
        {data && <Freshness at={data.freshAt} serverTime={data.serverTime} lagMs={data.lagMs} />}
      </div>
      {!data || !metrics.data ? (
        error ? (
          <ErrorState error={error} retry={() => void Promise.all([figures.refetch(), metrics.refetch()])} />
        ) : (
          <div style={{ height: 116 }}>
            <Bars rows={3} height={24} />
          </div>
        )
      ) : (
        <div className="figures">
          {data.figures.map((figure) => {
            const metric = metrics.data.metrics.find((m) => m.name === figure.metric);
            if (!metric) return null;
            const whole = figure.metric === PART && data.figures.find((one) => one.metric === WHOLE);
            if (whole) {
              const days = new Map(whole.trend.map((day) => [day.day, day.value]));
              return (
                <ShareFigure
                  key={figure.metric}
                  label={t('share.title')}
                  definition={t('share.definition')}
                  share={{ part: figure.subtree, whole: whole.subtree }}
                  trend={figure.trend.map((day) => ({ part: day.value, whole: days.get(day.day) ?? 0 }))}
                  aside={
                    figure.own === figure.subtree && whole.own === whole.subtree
                      ? t('share.of', { part: count(figure.subtree), whole: count(whole.subtree) })
                      : t('home.ownOnly', { n: percent(figure.own, whole.own) })
                  }
                />
              );
            }
            return (
              <HeroFigure
                key={figure.metric}
                label={pick(locale, metric.titleZh, metric.titleEn)}
                definition={pick(locale, metric.definitionZh, metric.definitionEn)}
                unit={locale === 'zh' ? metric.unitZh : metric.unitEn}
                value={figure.subtree}
                trend={figure.trend.map((day) => Number(day.value))}
                aside={figure.own === figure.subtree ? undefined : t('home.ownOnly', { n: count(figure.own) })}
              />
            );
          })}
        </div>
      )}
    </section>
  );
}
