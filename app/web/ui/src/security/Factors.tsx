import { api, createPasskey, passkeysHere, type Schemas, take } from '@gonghui/api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.ts';
import { Badge } from '../Badge.tsx';
import { dateTime } from '../base/format.ts';
import { useLocale, useT } from '../base/i18n.ts';
import { sentences } from '../base/sentences.ts';
import { Bars } from '../PageSkeleton.tsx';
import { Section } from '../Section.tsx';
import { RecoveryCodes } from '../signIn/RecoveryCodes.tsx';
import { TotpSetUp } from '../signIn/TotpSetUp.tsx';
import { ErrorState } from '../states.tsx';
import { Passkeys } from './Passkeys.tsx';
import { passkeysKey, securityKey, useSecurity } from './queries.ts';

/** The second factors of the own account. */
export function Factors() {
  const t = useT();
  const locale = useLocale();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const security = useSecurity();
  const [secret, setSecret] = useState<Schemas['TotpSecret'] | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const refresh = [securityKey, passkeysKey];
  const start = useAct({ run: () => take(api.POST('/v1/own/totp:start', { body: {} })), done: setSecret });
  const remove = useAct({
    run: () => take(api.DELETE('/v1/own/totp')),
    refresh,
    said: t('security.totp.removed'),
  });
  const renew = useAct({
    run: () => take(api.POST('/v1/own/recovery-codes', { body: {} })),
    refresh,
    done: (made) => setCodes(made.codes),
  });
  const add = useAct({
    run: async () => {
      const question = await take(api.POST('/v1/own/passkeys:start', { body: {} }));
      const credential = await createPasskey(question.options);
      return take(api.POST('/v1/own/passkeys', { body: { passkey: { id: question.id, credential } } }));
    },
    refresh,
    said: t('security.passkeys.added'),
    done: (made) => setCodes(made.recoveryCodes),
  });
  if (security.error && !security.data) {
    return <ErrorState error={security.error} retry={() => void security.refetch()} />;
  }
  const has = security.data;
  const on = !!has && (has.totp || has.passkeys > 0);
  const confirm = async (code: string) => {
    const made = await take(api.POST('/v1/own/totp:confirm', { body: { code } }));
    setSecret(null);
    setCodes(made.codes);
    await client.invalidateQueries({ queryKey: securityKey });
  };
  return (
    <Section
      title={t('security.factors.title')}
      about={t('security.factors.about')}
      action={
        has && (
          <span className="section-state">
            {has.demanded && <Badge tone="note">{t('security.factors.demanded')}</Badge>}
            <Badge tone={on ? 'good' : has.demanded ? 'warn' : 'plain'}>
              {t(on ? 'security.factors.on' : 'security.factors.off')}
            </Badge>
          </span>
        )
      }
    >
      {!has ? (
        <Bars rows={4} height={40} />
      ) : (
        <ul className="setting-rows">
          <li>
            <div className="setting-text">
              <h3>{t('security.way.totp')}</h3>
              <p>{has.totp ? t('security.totp.since', { at: dateTime(has.totpAt) }) : t('security.totp.about')}</p>
            </div>
            {has.totp ? (
              <Button
                loading={remove.isPending}
                onClick={() =>
                  modal.confirm({
                    title: t('security.totp.removeAsk'),
                    content: t('security.totp.removeWhy'),
                    okText: t('security.totp.remove'),
                    okButtonProps: { danger: true },
                    onOk: () => remove.mutate(undefined),
                  })
                }
              >
                {t('security.totp.remove')}
              </Button>
            ) : (
              <Button type="primary" loading={start.isPending} onClick={() => start.mutate(undefined)}>
                {t('security.totp.setUp')}
              </Button>
            )}
          </li>
          <li>
            <div className="setting-text">
              <h3>{t('security.way.passkey')}</h3>
              <p>{t(passkeysHere() ? 'security.passkeys.about' : 'security.way.passkeyNone')}</p>
              <Passkeys />
            </div>
            <Button disabled={!passkeysHere()} loading={add.isPending} onClick={() => add.mutate(undefined)}>
              {t('security.passkeys.add')}
            </Button>
          </li>
          {on && (
            <li>
              <div className="setting-text">
                <h3>{t('security.recovery.title')}</h3>
                <p>
                  {sentences(locale, [
                    t('security.recovery.about'),
                    t('security.recovery.left', { n: has.recoveryCodes }),
                  ])}
                </p>
                {has.recoveryCodes < 3 && <p className="setting-warn">{t('security.recovery.low')}</p>}
              </div>
              <Button
                loading={renew.isPending}
                onClick={() =>
                  modal.confirm({
                    title: t('security.recovery.renewAsk'),
                    content: t('security.recovery.renewWhy'),
                    okText: t('security.recovery.renew'),
                    onOk: () => renew.mutate(undefined),
                  })
                }
              >
                {t('security.recovery.renew')}
              </Button>
            </li>
          )}
        </ul>
      )}
      <Modal
        open={!!secret}
        title={t('security.totp.setUp')}
        footer={null}
        width={420}
        destroyOnHidden
        closable={{ 'aria-label': t('act.close') }}
        onCancel={() => setSecret(null)}
      >
        {secret && <TotpSetUp secret={secret} confirm={confirm} />}
      </Modal>
      <Modal
        open={codes.length > 0}
        title={t('security.recovery.title')}
        footer={null}
        width={420}
        closable={false}
        mask={{ closable: false }}
        keyboard={false}
      >
        <RecoveryCodes codes={codes} done={() => setCodes([])} />
      </Modal>
    </Section>
  );
}
