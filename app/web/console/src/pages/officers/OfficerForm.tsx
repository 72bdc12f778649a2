import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input, Radio } from 'antd';
import { keys, type Officer } from '../../data.ts';
import { phoneShape } from '../../phone.ts';

interface Values {
  name: string;
  phone: string;
  fullTime: boolean;
  title: string;
  state: string;
}

interface Props {
  /** The officer to change; null inside for a new one. */
  target: { officer: Officer | null } | null;
  close: () => void;
  done?: (officer: Officer) => void;
}

const reasonField = { OFFICER_DUPLICATE: 'phone' };

export function OfficerForm({ target, close, done }: Props) {
  const t = useT();
  const old = target?.officer ?? null;
  const save = useAct({
    run: ({ state, ...values }: Values, key) =>
      old
        ? take(
            api.PUT('/v1/officers/{id}', {
              params: { path: { id: old.id } },
              body: { ...values, id: old.id, state, version: old.version },
            }),
          )
        : take(api.POST('/v1/officers', { body: values, headers: keyed(key) })),
    refresh: [keys.officers, keys.posts],
    said: t('form.saved'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={target !== null}
      title={old ? t('officer.edit') : t('officer.add')}
      initial={
        old
          ? { name: old.name, phone: '', fullTime: old.fullTime, title: old.title, state: old.state }
          : { name: '', phone: '', fullTime: true, title: '', state: 'working' }
      }
      reasonField={reasonField}
      // The opening of the new one follows the closing of this form, or the address would be set twice.
      submit={async (values) => {
        const officer = await save.mutateAsync(values);
        if (done) setTimeout(() => done(officer));
      }}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('officer.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('officer.name') }) }]}
      >
        <Input maxLength={60} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="phone"
        label={t('officer.phone')}
        extra={old ? t('officer.phoneKeep', { phone: old.phone }) : undefined}
        rules={[{ required: !old, pattern: phoneShape, message: t('officer.phoneBad') }]}
        validateTrigger="onBlur"
      >
        <Input inputMode="tel" maxLength={20} autoComplete="off" />
      </Form.Item>
      <Form.Item name="title" label={t('officer.jobTitle')}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="fullTime" label={t('officer.time')}>
        <Radio.Group
          options={[
            { value: true, label: t('post.fullTime') },
            { value: false, label: t('post.partTime') },
          ]}
        />
      </Form.Item>
      <Form.Item name="state" label={t('officer.state')} hidden={!old} extra={t('officer.leaveHint')}>
        <Radio.Group
          options={[
            { value: 'working', label: t('officer.states.working') },
            { value: 'left', label: t('officer.states.left') },
          ]}
        />
      </Form.Item>
    </FormDrawer>
  );
}
