import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';
import { keys, type Member } from '../../data.ts';

interface Values {
  reason: string;
}

/** Puts a member back on the roll. */
export function RestoreForm({ member, close }: { member: Member | null; close: () => void }) {
  const t = useT();
  const restore = useAct({
    run: (values: Values, key) => {
      const id = member?.id ?? '';
      return take(
        api.POST('/v1/members/{id}:restore', {
          params: { path: { id } },
          body: { id, ...values },
          headers: keyed(key),
        }),
      );
    },
    refresh: [keys.members, keys.figures],
    said: t('member.restored'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={member !== null}
      title={t('member.restoreTitle', { name: member?.fields.name ?? '' })}
      initial={{ reason: '' }}
      submitText={t('member.restore')}
      submit={(values) => restore.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="reason" label={t('member.reason')}>
        <Input.TextArea maxLength={200} showCount autoSize={{ minRows: 2, maxRows: 6 }} autoFocus />
      </Form.Item>
    </FormDrawer>
  );
}
