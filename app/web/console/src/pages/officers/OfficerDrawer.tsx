import { asApiError } from '@gonghui/api';
import { Badge, DetailDrawer, EmptyState, Facts, useCan, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import type { Appointment } from '../../data.ts';
import { AppointForm } from './AppointForm.tsx';
import { EndAppointmentForm } from './EndAppointmentForm.tsx';
import { InviteForm } from './InviteForm.tsx';
import { OfficerForm } from './OfficerForm.tsx';
import { isHeld, useOfficer } from './officers.ts';

type Open = 'edit' | 'appoint' | 'invite' | null;

/** One officer: who, which posts now and before. */
export function OfficerDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const can = useCan();
  const [open, setOpen] = useState<Open>(null);
  const [ending, setEnding] = useState<Appointment | null>(null);
  const { data: officer, error, isPending, refetch } = useOfficer(id);
  const shut = () => setOpen(null);
  const working = officer?.state === 'working';
  const posts = [...(officer?.appointments ?? [])].sort((a, b) => b.startOn.localeCompare(a.startOn));
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={officer?.name}
      badge={officer && <Badge tone={working ? 'good' : 'plain'}>{t(`officer.states.${officer.state}`)}</Badge>}
      subtitle={officer?.title}
      acts={
        officer && (
          <>
            {can('org.write') && working && (
              <Button type="primary" onClick={() => setOpen('appoint')}>
                {t('appointment.add')}
              </Button>
            )}
            {can('org.write') && <Button onClick={() => setOpen('edit')}>{t('officer.edit')}</Button>}
            {can('identity.invite') && working && (
              <Button onClick={() => setOpen('invite')}>{t('invitation.add')}</Button>
            )}
          </>
        )
      }
    >
      {officer === null && <EmptyState title={t('officer.gone')} />}
      {officer && (
        <>
          <Facts
            items={[
              { label: t('officer.phone'), value: officer.phone },
              { label: t('officer.time'), value: officer.fullTime ? t('post.fullTime') : t('post.partTime') },
            ]}
          />
          <h3 className="detail-section">{t('appointment.title')}</h3>
          {posts.length === 0 && <p className="quiet">{t('appointment.none')}</p>}
          <ul className="rows">
            {posts.map((a) => (
              <li key={a.id}>
                <div className="row-text">
                  <span className={isHeld(a) ? 'row-name' : 'row-name row-past'}>
                    {a.postName}
                    {a.acting && <span className="row-mark">{t('officer.acting')}</span>}
                  </span>
                  <span className="row-sub num">
                    {[
                      a.deptName,
                      isHeld(a)
                        ? t('appointment.since', { from: a.startOn })
                        : t('appointment.span', { from: a.startOn, to: a.endOn }),
                      a.approvalDocNo,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </div>
                {can('org.write') && isHeld(a) && (
                  <Button aria-label={`${t('appointment.end')} ${a.postName}`} onClick={() => setEnding(a)}>
                    {t('appointment.end')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <OfficerForm target={open === 'edit' ? { officer } : null} close={shut} />
          <AppointForm officer={open === 'appoint' ? officer : null} close={shut} />
          <InviteForm open={open === 'invite'} name={officer.name} close={shut} />
          <EndAppointmentForm appointment={ending} close={() => setEnding(null)} />
        </>
      )}
    </DetailDrawer>
  );
}
