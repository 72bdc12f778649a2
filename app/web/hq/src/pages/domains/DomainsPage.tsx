import { api, type Schemas, take } from '@gonghui/api';
import { Badge, dateTime, type ListColumn, ListPage, type Tone, useT } from '@gonghui/ui';
import { Link } from 'react-router';
import { bodyAddress } from '../body/useView.ts';

type Domain = Schemas['ListedDomain'];

const tones: Record<string, Tone> = { pending: 'note', live: 'good', lapsing: 'warn', ended: 'bad' };

/** Which body below has which domain, and whether its proof still stands. */
export function DomainsPage() {
  const t = useT();
  const columns: ListColumn<Domain>[] = [
    { key: 'name', title: t('domains.name'), render: (d) => d.name },
    {
      key: 'state',
      title: t('domains.stateLabel'),
      phone: 'badge',
      render: (d) => <Badge tone={tones[d.state] ?? 'plain'}>{t(`domains.state.${d.state}`)}</Badge>,
    },
    {
      key: 'body',
      title: t('domains.body'),
      render: (d) => <Link to={bodyAddress(d.bodyCode, { line: null, metric: null })}>{d.bodyName}</Link>,
    },
    {
      key: 'verified',
      title: t('domains.verified'),
      render: (d) => d.verifiedAt && <span className="num">{dateTime(d.verifiedAt)}</span>,
    },
    {
      key: 'ends',
      title: t('domains.ends'),
      phone: 'hide',
      render: (d) => d.endsAt && <span className="num">{dateTime(d.endsAt)}</span>,
    },
  ];
  return (
    <ListPage<Domain>
      id="domains"
      title={t('domains.title')}
      purpose={t('domains.purpose')}
      columns={columns}
      queryKey={['domains']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/domains', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.domains, next: reply.nextPageToken };
      }}
      rowKey={(d) => `${d.name} ${d.bodyCode}`}
      empty={{ title: t('domains.empty'), why: t('domains.emptyWhy') }}
    />
  );
}
