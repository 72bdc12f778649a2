import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';
import { type Merge, mergeKeys, phoneShape } from './merges.ts';

interface Values {
  keepPhone: string;
  gonePhone: string;
  reason: string;
}

interface Props {
  open: boolean;
  close: () => void;
  done: (merge: Merge) => void;
}

/** Opens a case for two phones of one human being. */
export function AskForm({ open, close, done }: Props) {
  const t = useT();
  const ask = useAct({
    run: (body: Values, key) => take(api.POST('/v1/merges', { body, headers: keyed(key) })),
    refresh: [mergeKeys.all],
    quiet: true,
  });
  const phone = [{ required: true, pattern: phoneShape, message: t('signIn.phoneBad') }];
  return (
    <FormDrawer<Values>
      open={open}
      title={t('merges.add')}
      about={t('merges.about')}
      initial={{ keepPhone: '', gonePhone: '', reason: '' }}
      submitText={t('merges.find')}
      // The case opens after this form has closed, or the address would be set twice.
      submit={async (values) => {
        const merge = await ask.mutateAsync(values);
        setTimeout(() => done(merge));
      }}
      close={close}
    >
      <Form.Item
        name="keepPhone"
        label={t('merges.keepPhone')}
        extra={t('merges.keepHint')}
        rules={phone}
        validateTrigger="onBlur"
      >
        <Input inputMode="tel" maxLength={20} autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item
        name="gonePhone"
        label={t('merges.gonePhone')}
        extra={t('merges.goneHint')}
        rules={phone}
        validateTrigger="onBlur"
      >
        <Input inputMode="tel" maxLength={20} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('merges.reason')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('merges.reasonBad') }]}
      >
        <Input.TextArea maxLength={200} showCount autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
