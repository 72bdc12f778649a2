import { UploadOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { Badge, count, dateTime, type ListColumn, ListPage, NoRight, useCan, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useNavigate } from 'react-router';
import { keys } from '../../data.ts';
import { type Import, tones, working } from './stages.ts';

/** Milliseconds between two looks while one of the imports is being worked on. */
const LIVE = 2000;

/** Every import of the body: who, when, how far, how many. */
export function ImportsPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  if (!can('member.import')) return <NoRight page what={t('imports.title')} />;

  const figure = (key: 'rows' | 'admitted' | 'known' | 'faulty', phone?: 'hide'): ListColumn<Import> => ({
    key,
    title: t(`imports.${key}`),
    align: 'right',
    phone,
    render: (i) => {
      const n = Number(i.counts?.[key] ?? 0);
      return n > 0 && <Amount label={t(`imports.${key}`)} n={n} />;
    },
  });
  const columns: ListColumn<Import>[] = [
    { key: 'file', title: t('imports.file'), render: (i) => <span className="clip">{i.fileName}</span> },
    {
      key: 'state',
      title: t('imports.state'),
      phone: 'badge',
      render: (i) => <Badge tone={tones[i.state] ?? 'plain'}>{t(`imports.states.${i.state}`)}</Badge>,
    },
    { key: 'by', title: t('imports.by'), render: (i) => i.byName },
    { key: 'at', title: t('imports.at'), render: (i) => <span className="num">{dateTime(i.createdAt)}</span> },
    figure('rows', 'hide'),
    figure('admitted'),
    figure('known', 'hide'),
    figure('faulty'),
  ];
  const add = (
    <Button type="primary" icon={<UploadOutlined aria-hidden />} onClick={() => void navigate('/imports/new')}>
      {t('imports.add')}
    </Button>
  );
  return (
    <ListPage<Import>
      id="imports"
      title={t('imports.title')}
      purpose={t('imports.purpose')}
      action={add}
      columns={columns}
      queryKey={[...keys.imports, 'list']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/imports', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.imports, next: reply.nextPageToken };
      }}
      rowKey={(i) => i.id}
      live={(rows) => (rows.some((i) => working(i.state)) ? LIVE : false)}
      href={(id) => `/imports/${id}`}
      open={(id) => void navigate(`/imports/${id}`)}
      empty={{ title: t('imports.empty'), why: t('imports.emptyWhy'), action: add }}
    />
  );
}

/** A figure that says what it counts where no column head does. */
function Amount({ label, n }: { label: string; n: number }) {
  return (
    <span className="num">
      <span className="phone-label">{label} </span>
      {count(n)}
    </span>
  );
}
