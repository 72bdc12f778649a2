import { Badge, ErrorState, NoRight, PageSkeleton, Section, useCan, useT } from '@gonghui/ui';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { MemberFacts } from './MemberFacts.tsx';
import { MemberHistory } from './MemberHistory.tsx';
import { membershipTone } from './membershipTone.ts';
import { useMember } from './useMember.ts';
import { useMemberActs } from './useMemberActs.tsx';

/** The whole file of one member on a page of its own: who, facts, history. */
export function MemberPage() {
  const t = useT();
  const can = useCan();
  const { id = '' } = useParams();
  const { data: member, error, refetch } = useMember(can('member.read') ? id : null);
  const { buttons, forms, revealed } = useMemberActs(id, member);
  const name = member?.fields.name;
  useEffect(() => {
    if (!name) return;
    const before = document.title;
    document.title = `${name} · ${before}`;
    return () => {
      document.title = before;
    };
  }, [name]);
  if (!can('member.read')) return <NoRight page what={t('member.title')} />;
  if (!member) return error ? <ErrorState error={error} retry={() => void refetch()} page /> : <PageSkeleton />;
  return (
    <div className="page">
      <Link to="/members" className="page-back">
        {t('file.back')}
      </Link>
      <header className="page-head">
        <div className="page-head-text">
          <div className="detail-name">
            <h1>{name}</h1>
            <Badge tone={membershipTone(member.state)}>{t(`code.membership.${member.state}`)}</Badge>
            {member.demo && <span className="row-mark">{t('member.demo')}</span>}
          </div>
          <p className="num">
            {t('member.no')} {member.memberNo}
          </p>
        </div>
        <div className="page-head-act">{buttons}</div>
      </header>
      <div className="two-columns">
        <Section title={t('file.title')}>
          <MemberFacts member={member} revealed={revealed} />
        </Section>
        <Section title={t('file.history')}>
          <MemberHistory id={member.id} />
        </Section>
      </div>
      {forms}
    </div>
  );
}
