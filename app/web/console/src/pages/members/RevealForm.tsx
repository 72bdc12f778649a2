import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';
import type { Member } from '../../data.ts';

interface Values {
  reason: string;
}

interface Props {
  member: Member | null;
  close: () => void;
  done: (full: { idNumber: string; phone: string }) => void;
}

/** Asks for the reason before ID number and phone are shown in full. */
export function RevealForm({ member, close, done }: Props) {
  const t = useT();
  const reveal = useAct({
    run: (values: Values, key) => {
      const id = member?.id ?? '';
      return take(
        api.POST('/v1/members/{id}:reveal', { params: { path: { id } }, body: { id, ...values }, headers: keyed(key) }),
      );
    },
    done,
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={member !== null}
      title={t('member.revealTitle', { name: member?.fields.name ?? '' })}
      about={t('member.revealAbout')}
      initial={{ reason: '' }}
      submitText={t('member.revealDo')}
      submit={(values) => reveal.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="reason"
        label={t('member.revealReason')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('member.revealReasonBad') }]}
      >
        <Input maxLength={200} autoFocus autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  );
}
