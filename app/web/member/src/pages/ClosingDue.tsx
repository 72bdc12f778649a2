import { api, asApiError, take } from '@gonghui/api';
import { dateTime, Mark, useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../parts/Button.tsx';
import { say } from '../parts/Notice.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { begin, meQuery, signOut, useMe } from '../session.ts';

/** The account is about to be closed for good: keep it after all, or leave it at that. */
export default function ClosingDue({ at }: { at: string }) {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const client = useQueryClient();
  const keep = useMutation({
    mutationFn: () => take(api.POST('/v1/own/account:keep', { body: {} })),
    onSuccess: () => {
      client.setQueryData(meQuery.queryKey, begin({ ...me, closingAt: '' }));
      say(t('member.data.kept'));
    },
  });
  const out = useMutation({ mutationFn: signOut, onError: (error) => say(asApiError(error).text(locale)) });
  return (
    <main className="page welcome-main">
      <Mark size={64} />
      <h1 className="page-title">{t('member.data.closing')}</h1>
      <p>{t('member.data.closingAt', { at: dateTime(at) })}</p>
      <p className="small">{t('member.data.closingHelp')}</p>
      <Refusal error={keep.error} />
      <Button kind="primary" busy={keep.isPending} onClick={() => keep.mutate()}>
        {t('member.data.keep')}
      </Button>
      <Button busy={out.isPending} onClick={() => out.mutate()}>
        {t('member.data.goOn')}
      </Button>
    </main>
  );
}
