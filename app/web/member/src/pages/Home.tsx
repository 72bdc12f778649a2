import { pick, type Theme, useLocale, useT, useTheme } from '@gonghui/ui/base';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useRef } from 'react';
import { blockOf } from '../modules/index.ts';
import { Block, RowLink } from '../parts/Block.tsx';
import { NextIcon } from '../parts/icons.tsx';
import { usePull } from '../parts/usePull.ts';
import { asShipped, type Me, useMe } from '../session.ts';

type Column = Me['columns'][number];

/** The first page: the columns that the union shows, in its order. What stands in them is the modules' own. */
export default function Home() {
  const t = useT();
  const { bodyName, home } = useTheme();
  const { capabilities, place, columns: own = asShipped } = useMe();
  const columns = drafted(home, place.role, capabilities, own) ?? own;
  const client = useQueryClient();
  const page = useRef<HTMLDivElement>(null);
  const refresh = useCallback(() => client.refetchQueries({ type: 'active' }), [client]);
  const pull = usePull(page, refresh);
  return (
    <div ref={page} className="stack">
      <div className="pull small" style={{ height: pull.by }} aria-live="polite">
        {pull.state === 'ready' && t('member.release')}
        {pull.state === 'busy' && t('member.refreshing')}
      </div>
      <h1 className="page-title">{bodyName}</h1>
      {columns
        .filter((column) => column.place === 'portal')
        .map((column) =>
          column.kind === 'group' ? (
            <Links key={column.key} column={column} />
          ) : (
            <Drawn key={column.key} column={column} />
          ),
        )}
    </div>
  );
}

/** In the preview of a design: the columns as they would be. What the person may not see is left out, as the server does. */
function drafted(home: Theme['home'] = [], role: string, capabilities: string[], own: Column[]): Column[] | undefined {
  return home
    .find((one) => one.role === role)
    ?.blocks.filter(({ capability }) => ['', 'session'].includes(capability) || capabilities.includes(capability))
    .map(({ capability: _, links, ...block }) => ({
      ...block,
      place: 'portal',
      path: own.find(({ key }) => key === block.key)?.path ?? '',
      links: links.map((link) => ({ ...link, path: '', icon: '', kind: 'link', group: block.key })),
    }));
}

/** A column as its module draws it; one that it leaves to the page is the way to the module's own page. */
function Drawn({ column: { key, path, titleZh, titleEn } }: { column: Column }) {
  const title = pick(useLocale(), titleZh, titleEn);
  const Own = blockOf(key);
  if (Own) {
    return (
      <Suspense fallback={<span className="grey block-grey" />}>
        <Own title={title} />
      </Suspense>
    );
  }
  return (
    path && (
      <div className="panel rows">
        <RowLink to={path}>{title}</RowLink>
      </div>
    )
  );
}

function Links({ column }: { column: Column }) {
  const locale = useLocale();
  const t = useT();
  return (
    <Block title={pick(locale, column.titleZh, column.titleEn)}>
      {column.links.map((link) => (
        <a key={link.key} className="row" href={link.url} target="_blank" rel="noopener noreferrer">
          {pick(locale, link.titleZh, link.titleEn)}
          <span className="unseen">{t('member.away')}</span>
          <NextIcon />
        </a>
      ))}
    </Block>
  );
}
