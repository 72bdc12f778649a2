import { Facts, useCan, useT } from '@gonghui/ui';
import { type Member, useDepts } from '../../data.ts';
import type { Revealed } from './useRevealed.ts';

interface Props {
  member: Member;
  revealed: Revealed | null;
}

export function MemberFacts({ member, revealed }: Props) {
  const t = useT();
  const f = member.fields;
  const can = useCan();
  const depts = useDepts(can('org.read') && !!f.deptId);
  return (
    <>
      {revealed && (
        <p className="revealed num" role="status">
          {t('member.revealed', { n: revealed.left })}
        </p>
      )}
      <h3 className="detail-section">{t('member.sections.identity')}</h3>
      <Facts
        items={[
          { label: t('member.idKind'), value: f.idKind && t(`code.idKind.${f.idKind}`) },
          { label: t('member.idNumber'), value: revealed?.idNumber ?? f.idNumber },
          { label: t('member.phone'), value: revealed?.phone ?? f.phone },
          { label: t('member.sex'), value: f.sex && t(`code.sex.${f.sex}`) },
          { label: t('member.birth'), value: f.birth },
          { label: t('member.nation'), value: f.nation && t(`code.nation.${f.nation}`) },
          { label: t('member.education'), value: f.education && t(`code.education.${f.education}`) },
          { label: t('member.politics'), value: f.politicalStatus && t(`code.politics.${f.politicalStatus}`) },
          { label: t('member.address'), value: f.address, wide: true },
        ]}
      />
      <h3 className="detail-section">{t('member.sections.work')}</h3>
      <Facts
        items={[
          { label: t('member.employer'), value: f.employer, wide: true },
          { label: t('member.job'), value: f.job },
          { label: t('member.employment'), value: f.employment && t(`code.employment.${f.employment}`) },
          { label: t('member.migrant'), value: f.migrant ? t('member.yes') : t('member.no2') },
        ]}
      />
      <h3 className="detail-section">{t('member.sections.membership')}</h3>
      <Facts
        items={[
          { label: t('member.no'), value: member.memberNo },
          { label: t('member.joinedOn'), value: f.joinedOn },
          { label: t('member.dept'), value: depts.data?.find((dept) => dept.id === f.deptId)?.name },
        ]}
      />
    </>
  );
}
