import { api, take } from '@gonghui/api';
import { dateTime } from '../base/format.ts';
import { useT } from '../base/i18n.ts';
import { type ListColumn, ListPage } from '../ListPage.tsx';
import { type Act, Result, useActWords } from './words.tsx';

/** What the signed-in person's own account has done. */
export function OwnActsPage() {
  const t = useT();
  const words = useActWords();
  const columns: ListColumn<Act>[] = [
    { key: 'act', title: t('audit.act'), render: (a) => words.act(a) },
    { key: 'result', title: t('audit.result'), phone: 'badge', render: (a) => <Result act={a} /> },
    { key: 'at', title: t('audit.at'), render: (a) => <span className="num">{dateTime(a.at)}</span> },
    { key: 'object', title: t('audit.object'), render: (a) => words.object(a) },
    { key: 'role', title: t('audit.as'), phone: 'hide', render: (a) => words.role(a) },
    { key: 'source', title: t('audit.source'), render: (a) => <span className="num">{a.source}</span> },
  ];
  return (
    <ListPage<Act>
      id="audit.own"
      title={t('audit.own')}
      purpose={t('audit.ownPurpose')}
      columns={columns}
      choosable={false}
      queryKey={['audit', 'own']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/audit/own', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.acts, next: reply.nextPageToken };
      }}
      rowKey={(a) => a.id}
      empty={{ title: t('audit.ownNone'), why: t('audit.ownNoneWhy') }}
    />
  );
}
