import { api, asApiError, type Schemas, take } from '@gonghui/api';
import { Bars, CopyField, dateTime, useLocale, useT } from '@gonghui/ui';
import { Alert, Button, Modal, QRCode } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type { Member } from '../../data.ts';

/** Pixels: read well from a screen at arm's length. */
const SIDE = 208;

/** Makes the link by which a member opens the own account, and shows it this once: to scan, or to send. */
export function InviteMember({ member, close }: { member: Member | null; close: () => void }) {
  const t = useT();
  const locale = useLocale();
  const [made, setMade] = useState<Schemas['Invitation'] | null>(null);
  const [fault, setFault] = useState('');
  const id = member?.id;
  const phone = member?.fields.phone;

  const make = useCallback(
    async (current: () => boolean) => {
      if (!id) return;
      setFault('');
      try {
        const answer = await take(api.POST('/v1/members/{id}:invite', { params: { path: { id } }, body: { id } }));
        if (current()) setMade(answer);
      } catch (thrown) {
        if (current()) setFault(asApiError(thrown).text(locale));
      }
    },
    [id, locale],
  );
  useEffect(() => {
    setMade(null);
    setFault('');
    if (!id || !phone) return;
    let here = true;
    void make(() => here);
    return () => {
      here = false;
    };
  }, [id, phone, make]);

  const name = member?.fields.name ?? '';
  return (
    <Modal
      open={member !== null}
      title={t('file.inviteTitle', { name })}
      onCancel={close}
      footer={null}
      width={560}
      closable={{ 'aria-label': t('act.close') }}
      mask={{ closable: false }}
      destroyOnHidden
    >
      {!phone ? (
        <p className="form-about">{t('file.inviteNoPhone')}</p>
      ) : fault ? (
        <Alert
          role="alert"
          type="error"
          showIcon
          title={fault}
          action={
            <Button size="small" onClick={() => void make(() => true)}>
              {t('act.retry')}
            </Button>
          }
        />
      ) : !made ? (
        <Bars rows={6} height={28} />
      ) : (
        <div className="invite">
          <p className="form-about">{t('file.inviteFor', { until: dateTime(made.expiresAt) })}</p>
          <div className="invite-code">
            <QRCode
              value={made.url}
              size={SIDE}
              type="svg"
              color="#000"
              bgColor="#fff"
              bordered={false}
              aria-label={t('file.inviteCode')}
            />
          </div>
          <CopyField value={made.url} label={t('file.inviteLink')} />
          <h3 className="detail-section">{t('file.inviteHow')}</h3>
          <ul className="points">
            {(['here', 'send', 'only'] as const).map((way) => (
              <li key={way}>{t(`file.inviteWays.${way}`)}</li>
            ))}
          </ul>
        </div>
      )}
    </Modal>
  );
}
