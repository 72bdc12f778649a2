import { asApiError } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { Button } from '../../parts/Button.tsx';
import { say } from '../../parts/Notice.tsx';
import { SubPage } from '../../parts/SubPage.tsx';
import { signOut } from '../../session.ts';

/** An application sent the person here to sign out: it ends only with the person's word. */
export default function SignOut() {
  const t = useT();
  const locale = useLocale();
  const leave = useMutation({ mutationFn: signOut, onError: (error) => say(asApiError(error).text(locale)) });
  return (
    <SubPage title={t('member.signOut.title')} purpose={t('member.signOut.purpose')} back="/">
      <Button kind="primary" busy={leave.isPending} onClick={() => leave.mutate()}>
        {t('shell.signOut')}
      </Button>
    </SubPage>
  );
}
