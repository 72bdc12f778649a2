import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input, Radio } from 'antd';
import { keys, type Member } from '../../data.ts';

interface Values {
  state: string;
  reason: string;
}

/** Takes a member off the roll. It can be undone. */
export function EndForm({ member, close }: { member: Member | null; close: () => void }) {
  const t = useT();
  const end = useAct({
    run: (values: Values, key) => {
      const id = member?.id ?? '';
      return take(
        api.POST('/v1/members/{id}:end', { params: { path: { id } }, body: { id, ...values }, headers: keyed(key) }),
      );
    },
    refresh: [keys.members, keys.figures],
    said: t('member.ended'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={member !== null}
      title={t('member.endTitle', { name: member?.fields.name ?? '' })}
      about={t('member.endAbout')}
      initial={{ state: 'withdrawn', reason: '' }}
      submitText={t('member.end')}
      submit={(values) => end.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="state" label={t('member.endState')}>
        <Radio.Group
          options={[
            { value: 'withdrawn', label: t('member.endStates.withdrawn') },
            { value: 'deceased', label: t('member.endStates.deceased') },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={t('member.reason')}>
        <Input.TextArea maxLength={200} showCount autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
