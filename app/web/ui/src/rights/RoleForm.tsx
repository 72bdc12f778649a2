import { api, keyed, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { FormDrawer, pick, useAct, useLocale, useT } from '../index.ts';
import { CapabilityEditor } from './CapabilityEditor.tsx';
import { RoleNames } from './CopyForm.tsx';
import { keys } from './data.ts';
import { capabilitiesQuery, roleQuery, rolesQuery } from './queries.ts';
import { type Choice, chosen, type Role, said } from './rights.ts';

interface Values {
  code: string;
  titleZh: string;
  titleEn: string;
  about: string;
  parentId: string;
  capabilities: Record<string, Choice>;
}

interface Props {
  /** The role to change; null inside for a new one. */
  target: { role: Role | null } | null;
  close: () => void;
  done?: (role: Role) => void;
}

const reasonField = {
  ROLE_CODE_TAKEN: 'code',
  ROLE_CYCLE: 'parentId',
  ROLE_NOT_FOUND: 'parentId',
  GRANT_BEYOND: 'capabilities',
  TEMPLATE_LOCKED: 'capabilities',
};

/** A role of the body's own: its names, what it inherits, what it says itself. */
export function RoleForm({ target, close, done }: Props) {
  const t = useT();
  const locale = useLocale();
  const [form] = Form.useForm<Values>();
  const role = target?.role ?? null;
  const parentId = Form.useWatch('parentId', form) ?? role?.parentId ?? '';
  const roles = useQuery({ ...rolesQuery, enabled: target !== null });
  const parent = useQuery({ ...roleQuery(parentId), enabled: target !== null && parentId !== '' });
  const capabilities = useQuery({ ...capabilitiesQuery, enabled: target !== null });
  const save = useAct({
    run: ({ capabilities: choices = {}, ...values }: Values, key) => {
      const body = { ...values, about: values.about ?? '', capabilities: said(choices) };
      return role
        ? take(
            api.PUT('/v1/access/roles/{id}', {
              params: { path: { id: role.id } },
              body: { ...body, id: role.id, version: role.version },
            }),
          )
        : take(api.POST('/v1/access/roles', { body, headers: keyed(key) }));
    },
    refresh: [keys.roles, keys.grants],
    said: t('form.saved'),
    done,
    quiet: true,
  });
  // What the parent says in the end is what would be inherited: its own words before those it inherits.
  const inherited =
    parentId && parent.data
      ? { ...chosen(parent.data.capabilities, true), ...chosen(parent.data.capabilities, false) }
      : {};
  return (
    <FormDrawer<Values>
      open={target !== null}
      form={form}
      width={720}
      title={t(role ? 'roles.editTitle' : 'roles.addTitle')}
      about={t('roles.formAbout')}
      initial={
        role
          ? {
              code: role.code,
              titleZh: role.titleZh,
              titleEn: role.titleEn,
              about: role.about,
              parentId: role.parentId,
              capabilities: chosen(role.capabilities, false),
            }
          : { code: '', titleZh: '', titleEn: '', about: '', parentId: '', capabilities: {} }
      }
      reasonField={reasonField}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <RoleNames code={!role} />
      <Form.Item name="about" label={t('roles.about')}>
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2, maxRows: 4 }} />
      </Form.Item>
      <Form.Item name="parentId" label={t('roles.parent')} extra={t('roles.parentHint')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={roles.isPending}
          options={[
            { value: '', label: t('roles.noParent') },
            ...(roles.data ?? [])
              .filter((one) => one.id !== role?.id)
              .map((one) => ({
                value: one.id,
                label: `${pick(locale, one.titleZh, one.titleEn)} · ${t(`roles.originShort.${one.origin}`)}`,
              })),
          ]}
        />
      </Form.Item>
      <Form.Item name="capabilities" label={t('roles.capabilities')}>
        <CapabilityEditor all={capabilities.data ?? []} inherited={inherited} />
      </Form.Item>
    </FormDrawer>
  );
}
