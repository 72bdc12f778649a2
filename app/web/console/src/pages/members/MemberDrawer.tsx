import { Badge, DetailDrawer, useT } from '@gonghui/ui';
import { Tabs } from 'antd';
import { Link } from 'react-router';
import { MemberFacts } from './MemberFacts.tsx';
import { MemberHistory } from './MemberHistory.tsx';
import { membershipTone } from './membershipTone.ts';
import { useMember } from './useMember.ts';
import { useMemberActs } from './useMemberActs.tsx';

/** One member beside the list: the file, what was done to it, and the acts that fit the state. */
export function MemberDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const { data: member, error, isPending, refetch } = useMember(id);
  const { buttons, forms, revealed } = useMemberActs(id, member);
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
            {buttons}
            <Link to={`/members/${member.id}/file`} className="step-link">
              {t('file.open')}
            </Link>
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
          {forms}
        </>
      )}
    </DetailDrawer>
  );
}
