import { CheckCircleFilled } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { plainTheme, Section, useCan, useT, useTheme } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { keys, useDepts, useProfile } from '../../data.ts';

/** What a new body does first. Each step is ticked by what is really there; all done, the list is gone. */
export function NextSteps() {
  const t = useT();
  const can = useCan();
  const theme = useTheme();
  const org = can('org.write');
  const profile = useProfile(org);
  const depts = useDepts(org);
  const officers = useQuery({
    queryKey: [...keys.officers, 'any'],
    enabled: org,
    queryFn: () => take(api.GET('/v1/officers', { params: { query: { pageSize: 1, state: 'all' } } })),
  });
  const members = useQuery({
    queryKey: [...keys.members, 'any'],
    enabled: can('member.write'),
    queryFn: () => take(api.GET('/v1/members', { params: { query: { pageSize: 1 } } })),
  });

  const p = profile.data;
  const steps: { key: string; to: string; done: boolean | undefined; shown: boolean }[] = [
    { key: 'profile', to: '/organisation/profile', done: p && !!(p.address && p.phone && p.termStart), shown: org },
    { key: 'departments', to: '/organisation/departments', done: depts.data && depts.data.length > 0, shown: org },
    { key: 'officers', to: '/officers', done: officers.data && officers.data.officers.length > 0, shown: org },
    {
      key: 'members',
      to: '/members',
      done: members.data && members.data.members.length > 0,
      shown: can('member.write'),
    },
    {
      key: 'theme',
      to: '/branding',
      done: theme.logo !== '' || theme.accent.toUpperCase() !== plainTheme.accent.toUpperCase(),
      shown: can('branding.write'),
    },
  ].filter((step) => step.shown);
  const done = steps.filter((step) => step.done).length;
  if (steps.some((step) => step.done === undefined) || done === steps.length) return null;

  return (
    <Section title={t('home.steps')} about={t('home.stepsAbout', { all: steps.length, done })}>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.key}>
            <Link to={step.to} className={step.done ? 'step step-done' : 'step'}>
              {step.done ? <CheckCircleFilled aria-hidden /> : <span className="step-ring" aria-hidden="true" />}
              <span className="step-text">
                <span className="step-name">{t(`home.step.${step.key}`)}</span>
                <span className="step-hint">{t(`home.step.${step.key}Hint`)}</span>
              </span>
              <span className="unseen">{step.done ? t('home.done') : t('home.open')}</span>
            </Link>
          </li>
        ))}
      </ol>
    </Section>
  );
}
