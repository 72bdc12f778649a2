import { api, type Schemas, take } from '@gonghui/api';
import { dateTime, ErrorState, type ListColumn, ListPage, PageSkeleton, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { overseeKey } from './key.ts';
import { Watermark } from './Watermark.tsx';

type Member = Schemas['Member'];

/** The members of a body that has consented: masked, under a watermark. */
export function DetailsPage() {
  const t = useT();
  const { id = '' } = useParams();
  const [mark, setMark] = useState('');
  const request = useQuery({
    queryKey: [...overseeKey, 'one', id],
    queryFn: () => take(api.GET('/v1/supervision/requests/{id}', { params: { path: { id } } })),
  });
  if (request.error) return <ErrorState page error={request.error} retry={() => void request.refetch()} />;
  if (!request.data) return <PageSkeleton />;
  const { bodyName, validTo } = request.data;
  const num = (text: string) => <span className="num">{text}</span>;
  const columns: ListColumn<Member>[] = [
    { key: 'name', title: t('oversee.details.name'), render: (m) => m.fields.name },
    { key: 'no', title: t('oversee.details.no'), phone: 'hide', render: (m) => num(m.memberNo) },
    { key: 'idNumber', title: t('oversee.details.idNumber'), render: (m) => num(m.fields.idNumber) },
    { key: 'phone', title: t('oversee.details.phone'), render: (m) => num(m.fields.phone) },
    {
      key: 'sex',
      title: t('oversee.details.sex'),
      phone: 'badge',
      render: (m) => m.fields.sex && t(`oversee.details.sexes.${m.fields.sex}`),
    },
    { key: 'birth', title: t('oversee.details.birth'), render: (m) => num(m.fields.birth) },
    {
      key: 'employer',
      title: t('oversee.details.employer'),
      render: (m) => <span className="clip">{m.fields.employer}</span>,
    },
    { key: 'job', title: t('oversee.details.job'), optional: true, phone: 'hide', render: (m) => m.fields.job },
    {
      key: 'address',
      title: t('oversee.details.address'),
      optional: true,
      phone: 'hide',
      render: (m) => <span className="clip">{m.fields.address}</span>,
    },
    { key: 'joinedOn', title: t('oversee.details.joinedOn'), phone: 'hide', render: (m) => num(m.fields.joinedOn) },
  ];
  return (
    <Watermark text={mark}>
      <ListPage<Member>
        id="details"
        title={t('oversee.details.title', { name: bodyName })}
        purpose={t('oversee.details.purpose', { until: dateTime(validTo) })}
        action={
          <Link to={`/supervision/${id}`} className="step-link">
            {t('oversee.back')}
          </Link>
        }
        columns={columns}
        queryKey={[...overseeKey, 'members', id]}
        load={async ({ pageSize, pageToken }) => {
          const reply = await take(
            api.GET('/v1/supervision/requests/{id}/members', {
              params: { path: { id }, query: { pageSize, pageToken } },
            }),
          );
          const by = reply.watermark;
          setMark(
            t('oversee.details.mark', {
              viewer: by?.viewer ?? '',
              body: by?.bodyName ?? '',
              at: dateTime(by?.at),
              no: by?.requestNo ?? '',
            }),
          );
          return { rows: reply.members, next: reply.nextPageToken, total: pageToken ? undefined : reply.total };
        }}
        rowKey={(m) => m.id}
        total={(n) => t('oversee.details.count', { n })}
        empty={{ title: t('oversee.details.empty') }}
      />
    </Watermark>
  );
}
