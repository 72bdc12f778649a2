import { api, keyed, type Schemas, take } from '@gonghui/api';
import { CopyField, dateTime, FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';
import { phoneShape } from '../../phone.ts';

interface Values {
  name: string;
  phone: string;
  role: string;
}

interface Props {
  open: boolean;
  /** Filled in beforehand. */
  name?: string;
  close: () => void;
}

const roles = ['officer', 'admin', 'supervisor', 'system_admin', 'security_admin', 'audit_admin'];

/** Offers a role to a phone number; the link is shown this once. */
export function InviteForm({ open, name = '', close }: Props) {
  const t = useT();
  const [made, setMade] = useState<Schemas['Invitation'] | null>(null);
  const invite = useAct({
    run: (values: Values, key) => take(api.POST('/v1/invitations', { body: values, headers: keyed(key) })),
    refresh: [keys.invitations],
    done: setMade,
    quiet: true,
  });
  return (
    <>
      <FormDrawer<Values>
        open={open}
        title={t('invitation.addTitle')}
        about={t('invitation.about')}
        initial={{ name, phone: '', role: 'officer' }}
        reasonField={{ DUTY_CONFLICT: 'role' }}
        submitText={t('invitation.make')}
        submit={(values) => invite.mutateAsync(values)}
        close={close}
      >
        <Form.Item
          name="name"
          label={t('invitation.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('invitation.name') }) }]}
        >
          <Input maxLength={60} autoComplete="off" autoFocus={!name} />
        </Form.Item>
        <Form.Item
          name="phone"
          label={t('invitation.phone')}
          rules={[{ required: true, pattern: phoneShape, message: t('officer.phoneBad') }]}
          validateTrigger="onBlur"
        >
          <Input inputMode="tel" maxLength={20} autoComplete="off" autoFocus={!!name} />
        </Form.Item>
        <Form.Item name="role" label={t('invitation.role')}>
          <Radio.Group className="choices">
            {roles.map((role) => (
              <Radio key={role} value={role}>
                <span className="choice">
                  {t(`role.${role}`)}
                  <span className="row-sub">{t(`invitation.roleHint.${role}`)}</span>
                </span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
      </FormDrawer>
      <Modal
        open={made !== null}
        title={t('invitation.made')}
        onCancel={() => setMade(null)}
        footer={null}
        closable={{ 'aria-label': t('act.close') }}
        mask={{ closable: false }}
      >
        {made && (
          <>
            <p className="form-about">
              {t('invitation.madeFor', { name: made.name, until: dateTime(made.expiresAt) })}
            </p>
            <CopyField value={made.url} label={t('invitation.link')} />
          </>
        )}
      </Modal>
    </>
  );
}
