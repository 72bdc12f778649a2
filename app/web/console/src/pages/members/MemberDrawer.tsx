import { api, take } from '@gonghui/api';
import { Badge, DetailDrawer, useCan, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Button, Tabs } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';
import { EndForm } from './EndForm.tsx';
import { MemberFacts } from './MemberFacts.tsx';
import { MemberForm } from './MemberForm.tsx';
import { MemberHistory } from './MemberHistory.tsx';
import { membershipTone } from './membershipTone.ts';
import { RestoreForm } from './RestoreForm.tsx';
import { RevealForm } from './RevealForm.tsx';
import { useRevealed } from './useRevealed.ts';

type Open = 'edit' | 'reveal' | 'end' | 'restore' | null;

/** One member: the file, what was done to it, and the acts that fit the state. */
export function MemberDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const can = useCan();
  const [open, setOpen] = useState<Open>(null);
  const [revealed, reveal] = useRevealed(id);
  const {
    data: member,
    error,
    isPending,
    refetch,
  } = useQuery({
    queryKey: [...keys.members, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/members/{id}', { params: { path: { id: id ?? '' } } })),
  });
  const shut = () => setOpen(null);
  const active = member?.state === 'active';
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={error}
      retry={() => void refetch()}
      title={member?.fields.name}
      badge={
        member && (
          <>
            <Badge tone={membershipTone(member.state)}>{t(`code.membership.${member.state}`)}</Badge>
            {member.demo && <span className="row-mark">{t('member.demo')}</span>}
          </>
        )
      }
      subtitle={member && `${t('member.no')} ${member.memberNo}`}
      acts={
        member && (
          <>
            {can('member.write') && active && (
              <Button type="primary" onClick={() => setOpen('edit')}>
                {t('member.edit')}
              </Button>
            )}
            {can('member.reveal') && <Button onClick={() => setOpen('reveal')}>{t('member.reveal')}</Button>}
            {can('member.write') &&
              (active ? (
                <Button onClick={() => setOpen('end')}>{t('member.end')}</Button>
              ) : (
                <Button type="primary" onClick={() => setOpen('restore')}>
                  {t('member.restore')}
                </Button>
              ))}
          </>
        )
      }
    >
      {member && (
        <>
          <Tabs
            items={[
              {
                key: 'file',
                label: t('member.tabs.file'),
                children: <MemberFacts member={member} revealed={revealed} />,
              },
              { key: 'history', label: t('member.tabs.history'), children: <MemberHistory id={member.id} /> },
            ]}
          />
          <MemberForm target={open === 'edit' ? { member } : null} close={shut} />
          <RevealForm member={open === 'reveal' ? member : null} close={shut} done={reveal} />
          <EndForm member={open === 'end' ? member : null} close={shut} />
          <RestoreForm member={open === 'restore' ? member : null} close={shut} />
        </>
      )}
    </DetailDrawer>
  );
}
