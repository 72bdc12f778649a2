import { api, keyed, take } from '@gonghui/api';
import { Form, Input } from 'antd';
import { FormDrawer, useAct, useT } from '../index.ts';
import { keys } from './data.ts';
import type { Role } from './rights.ts';

interface Values {
  code: string;
  titleZh: string;
  titleEn: string;
}

const reasonField = { ROLE_CODE_TAKEN: 'code' };

/** Makes a role of the body's own out of another. */
export function CopyForm({ role, close, done }: { role: Role | null; close: () => void; done: (copy: Role) => void }) {
  const t = useT();
  const copy = useAct({
    run: (values: Values, key) =>
      take(
        api.POST('/v1/access/roles/{id}:copy', {
          params: { path: { id: role?.id ?? '' } },
          body: { id: role?.id ?? '', ...values },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.roles],
    said: t('roles.copied'),
    done,
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={role !== null}
      title={t('roles.copyTitle', { name: role?.titleZh ?? '' })}
      about={t('roles.copyAbout')}
      initial={role ? { code: `${role.code}_copy`.slice(0, 24), titleZh: role.titleZh, titleEn: role.titleEn } : {}}
      reasonField={reasonField}
      submitText={t('roles.copy')}
      submit={(values) => copy.mutateAsync(values)}
      close={close}
    >
      <RoleNames code />
    </FormDrawer>
  );
}

/** The fields by which a role is known. */
export function RoleNames({ code }: { code?: boolean }) {
  const t = useT();
  return (
    <>
      <Form.Item
        name="titleZh"
        label={t('roles.zh')}
        rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('roles.zh') }) }]}
      >
        <Input maxLength={40} autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item name="titleEn" label={t('roles.en')}>
        <Input maxLength={80} autoComplete="off" />
      </Form.Item>
      {code && (
        <Form.Item
          name="code"
          label={t('roles.code')}
          extra={t('roles.codeHint')}
          validateTrigger="onBlur"
          rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{1,23}$/, message: t('roles.codeBad') }]}
        >
          <Input maxLength={24} autoComplete="off" spellCheck={false} />
        </Form.Item>
      )}
    </>
  );
}
