import { api, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { type Holder, holderKeys } from './holders.ts';

/** Resets a lost second factor with the code that the person reads out. */
export function ResetFactorForm({ holder, close }: { holder: Holder | null; close: () => void }) {
  const t = useT();
  const [wait, setWait] = useState(0);
  const name = holder?.name ?? '';
  const path = { personId: holder?.personId ?? '' };
  useEffect(() => {
    if (wait <= 0) return;
    const tick = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(tick);
  }, [wait]);
  const send = useAct({
    run: (body: { personId: string }) => take(api.POST('/v1/accounts/{personId}:sendCode', { params: { path }, body })),
    said: t('accounts.resetSent'),
    done: ({ againAfter }) => setWait(againAfter),
  });
  const reset = useAct({
    run: (body: { personId: string; code: string }) =>
      take(api.POST('/v1/accounts/{personId}:resetFactor', { params: { path }, body })),
    refresh: [holderKeys.list],
    said: t('accounts.resetDone', { name }),
    quiet: true,
  });
  return (
    <FormDrawer<{ code: string }>
      open={holder !== null}
      title={t('accounts.resetTitle', { name })}
      about={t('accounts.resetAbout', { phone: holder?.phone ?? '' })}
      initial={{ code: '' }}
      reasonField={{ CODE_WRONG: 'code' }}
      submitText={t('accounts.reset')}
      submit={({ code }) => reset.mutateAsync({ ...path, code })}
      close={close}
    >
      <Form.Item>
        <Button disabled={wait > 0} loading={send.isPending} onClick={() => send.mutate(path)}>
          {wait > 0 ? t('accounts.resetAgain', { n: wait }) : t('accounts.resetSend')}
        </Button>
      </Form.Item>
      <Form.Item
        name="code"
        label={t('accounts.resetCode')}
        rules={[{ required: true, pattern: /^\d{6}$/, message: t('accounts.resetBad') }]}
        validateTrigger="onBlur"
      >
        <Input inputMode="numeric" maxLength={6} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  );
}
