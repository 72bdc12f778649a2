import { api, signWithPasskey, take } from '@gonghui/api';
import { useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { Button } from '../parts/Button.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import type { Entry } from '../parts/useEntry.tsx';

/** The way in by a passkey alone. */
export default function PasskeySignIn({ come }: Pick<Entry, 'come'>) {
  const t = useT();
  const sign = useMutation({
    mutationFn: async () => {
      const question = await take(api.POST('/v1/session:askPasskey', { body: {} }));
      const passkey = { id: question.id, credential: await signWithPasskey(question.options) };
      await come(await take(api.POST('/v1/session:signInWithPasskey', { body: { passkey } })), '');
    },
  });
  return (
    <>
      <Refusal error={sign.error} />
      <Button busy={sign.isPending} onClick={() => sign.mutate()}>
        {t('member.welcome.byPasskey')}
      </Button>
    </>
  );
}
