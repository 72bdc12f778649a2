import { useCan, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Member } from '../../data.ts';
import { EndForm } from './EndForm.tsx';
import { InviteMember } from './InviteMember.tsx';
import { MemberForm } from './MemberForm.tsx';
import { RestoreForm } from './RestoreForm.tsx';
import { RevealForm } from './RevealForm.tsx';
import { type Revealed, useRevealed } from './useRevealed.ts';

type Open = 'edit' | 'reveal' | 'invite' | 'end' | 'restore' | null;

interface Acts {
  /** The buttons that fit rights and state. */
  buttons: ReactNode;
  /** What the buttons open. */
  forms: ReactNode;
  revealed: Revealed | null;
}

/** useMemberActs is what can be done with a member, wherever the file is shown. */
export function useMemberActs(id: string | null, member: Member | undefined): Acts {
  const t = useT();
  const can = useCan();
  const [open, setOpen] = useState<Open>(null);
  const [revealed, reveal] = useRevealed(id);
  if (!member) return { buttons: null, forms: null, revealed };
  const shut = () => setOpen(null);
  const active = member.state === 'active';
  const write = can('member.write');
  return {
    revealed,
    buttons: (
      <>
        {write && active && (
          <>
            <Button type="primary" onClick={() => setOpen('edit')}>
              {t('member.edit')}
            </Button>
            <Button onClick={() => setOpen('invite')}>{t('file.invite')}</Button>
          </>
        )}
        {can('member.reveal') && <Button onClick={() => setOpen('reveal')}>{t('member.reveal')}</Button>}
        {write &&
          (active ? (
            <Button onClick={() => setOpen('end')}>{t('member.end')}</Button>
          ) : (
            <Button type="primary" onClick={() => setOpen('restore')}>
              {t('member.restore')}
            </Button>
          ))}
      </>
    ),
    forms: (
      <>
        <MemberForm target={open === 'edit' ? { member } : null} close={shut} />
        <InviteMember member={open === 'invite' ? member : null} close={shut} />
        <RevealForm member={open === 'reveal' ? member : null} close={shut} done={reveal} />
        <EndForm member={open === 'end' ? member : null} close={shut} />
        <RestoreForm member={open === 'restore' ? member : null} close={shut} />
      </>
    ),
  };
}
