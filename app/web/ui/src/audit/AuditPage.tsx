import { SafetyCertificateOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { dateTime } from '../base/format.ts';
import { pick, useLocale, useT } from '../base/i18n.ts';
import { LinkButton } from '../LinkButton.tsx';
import { type ListColumn, ListPage } from '../ListPage.tsx';
import { useCan } from '../session.tsx';
import { NoRight } from '../states.tsx';
import { useDetail } from '../useDetail.ts';
import { ActDrawer } from './ActDrawer.tsx';
import { type Act, Result, STILL, useActWords } from './words.tsx';

interface Props {
  /** On the supervision host: acts above the bodies of a subtree. */
  supervision?: boolean;
  /** Further acts of the page, such as an export. */
  action?: ReactNode;
}

/** The search in the audit trail. */
export function AuditPage({ supervision = false, action }: Props) {
  const t = useT();
  const locale = useLocale();
  const can = useCan();
  const detail = useDetail('/audit');
  const words = useActWords();
  const may = can('audit.read');
  const names = useQuery({
    queryKey: ['audit', 'names'],
    queryFn: () => take(api.GET('/v1/audit/names')),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: may,
  });
  if (!may) return <NoRight page what={t('audit.title')} />;
  const options = (all: { name: string; zh: string; en: string }[] | undefined, none: string) => [
    { value: '', label: none },
    ...(all ?? []).map((n) => ({ value: n.name, label: pick(locale, n.zh, n.en) })),
  ];
  const columns: ListColumn<Act>[] = [
    { key: 'at', title: t('audit.at'), render: (a) => <span className="num">{dateTime(a.at)}</span> },
    {
      key: 'result',
      title: t('audit.result'),
      phone: 'badge',
      render: (a) => <Result act={a} />,
    },
    {
      key: 'who',
      title: t('audit.who'),
      render: (a) => [words.who(a), words.role(a)].filter(Boolean).join(' · '),
    },
    { key: 'act', title: t('audit.act'), render: (a) => words.act(a) },
    { key: 'object', title: t('audit.object'), render: (a) => words.object(a) },
    { key: 'source', title: t('audit.source'), phone: 'hide', render: (a) => <span className="num">{a.source}</span> },
    {
      key: 'body',
      title: t('audit.body'),
      optional: !supervision,
      phone: 'hide',
      render: (a) => <span className="num">{a.body}</span>,
    },
  ];
  return (
    <ListPage<Act>
      id={supervision ? 'audit.hq' : 'audit'}
      title={t('audit.title')}
      purpose={t(supervision ? 'audit.purposeHq' : 'audit.purpose')}
      action={
        <>
          {can('audit.verify') && (
            <LinkButton to="/audit/trail" icon={<SafetyCertificateOutlined aria-hidden />}>
              {t('audit.chain')}
            </LinkButton>
          )}
          {action}
        </>
      }
      columns={columns}
      filters={[
        { key: 'person', kind: 'search', label: t('audit.person'), placeholder: t('audit.personHint') },
        { key: 'from', kind: 'date', label: t('audit.from') },
        { key: 'to', kind: 'date', label: t('audit.to') },
        { key: 'act', kind: 'select', label: t('audit.act'), options: options(names.data?.acts, t('audit.allActs')) },
        {
          key: 'kind',
          kind: 'select',
          label: t('audit.object'),
          options: options(names.data?.kinds, t('audit.allKinds')),
        },
        {
          key: 'result',
          kind: 'select',
          label: t('audit.result'),
          options: [
            { value: '', label: t('audit.allResults') },
            { value: 'ok', label: t('audit.results.ok') },
            { value: 'refused', label: t('audit.results.refused') },
          ],
        },
        { key: 'object', kind: 'text', label: t('audit.objectId') },
        { key: 'source', kind: 'text', label: t('audit.source') },
      ]}
      queryKey={['audit', 'acts']}
      still={STILL}
      load={async ({ filters, pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/audit/acts', { params: { query: { ...filters, pageSize, pageToken } } }));
        return { rows: reply.acts, next: reply.nextPageToken };
      }}
      rowKey={(a) => a.id}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('audit.none'), why: t('audit.noneWhy') }}
    >
      <ActDrawer id={detail.id} close={detail.close} />
    </ListPage>
  );
}
