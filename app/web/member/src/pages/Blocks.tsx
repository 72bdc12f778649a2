import { api, take } from '@gonghui/api';
import { count, pick, useLocale, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { NextIcon } from '../parts/icons.tsx';
import { fileQuery } from '../queries.ts';
import { useMe } from '../session.ts';

interface Props {
  name: 'file' | 'figures' | 'apps';
  title: string;
}

/** A column of the first page below the card: what a module has for the person, and the way to it. */
export default function Block({ name, title }: Props) {
  return (
    <section className="stack" aria-label={title}>
      <h2 className="section-title">{title}</h2>
      <div className="panel rows">
        {name === 'file' && <File />}
        {name === 'figures' && <Figures />}
        {name === 'apps' && <Apps />}
      </div>
    </section>
  );
}

function Row({ to, children, small }: { to: string; children: ReactNode; small: string }) {
  return (
    <Link className="row" href={to}>
      <span className="row-words">
        <span>{children}</span>
        <span className="small">{small}</span>
      </span>
      <NextIcon />
    </Link>
  );
}

function File() {
  const t = useT();
  const { data } = useQuery(fileQuery());
  return (
    <>
      <Row to="/file" small={data ? t(`member.card.state.${data.state}`) : ''}>
        {t('member.file.title')}
      </Row>
      <Row to="/file/requests" small={t('member.blocks.requests')}>
        {t('member.request.title')}
      </Row>
    </>
  );
}

/** The figures of the body that the person may see there. */
function Figures() {
  const t = useT();
  const locale = useLocale();
  const { place } = useMe();
  const figures = useQuery({
    queryKey: ['figures', place.bodyCode],
    queryFn: async () => {
      const code = place.bodyCode;
      const [{ metrics }, now] = await Promise.all([
        take(api.GET('/v1/metrics')),
        take(api.GET('/v1/figures/{code}', { params: { path: { code } } })),
      ]);
      return now.figures.flatMap((figure) => {
        const metric = metrics.find((one) => one.name === figure.metric);
        return metric ? [{ ...metric, value: figure.subtree }] : [];
      });
    },
  });
  if (!figures.data) return <span className="grey union-grey" />;
  return figures.data.map(({ name, titleZh, titleEn, value, unitZh, unitEn }) => (
    <div key={name} className="row-plain figure-row">
      <span>{pick(locale, titleZh, titleEn)}</span>
      <span className="num">{t('member.blocks.figure', { n: count(value), unit: pick(locale, unitZh, unitEn) })}</span>
    </div>
  ));
}

function Apps() {
  const t = useT();
  const apps = useQuery({
    queryKey: ['apps', 'some'],
    queryFn: () => take(api.GET('/v1/own/apps')),
  });
  const names = apps.data?.apps.slice(0, 3).map((app) => app.name) ?? [];
  return (
    <Row to="/me/apps" small={names.length > 0 ? names.join(' · ') : apps.data ? t('member.blocks.noApps') : ''}>
      {t('member.apps.title')}
    </Row>
  );
}
