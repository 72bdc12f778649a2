import { useT } from '@gonghui/ui/base';
import { useLocation } from 'wouter';
import { say } from '../parts/Notice.tsx';
import { ResetForm } from '../parts/ResetForm.tsx';
import { SubPage } from '../parts/SubPage.tsx';

/** The password is forgotten. */
export default function Reset() {
  const t = useT();
  const [, go] = useLocation();
  const done = () => {
    say(t('member.reset.done'));
    go('/');
  };
  return (
    <SubPage title={t('member.reset.title')} purpose={t('member.reset.purpose')} back="/">
      <ResetForm done={done} />
    </SubPage>
  );
}
