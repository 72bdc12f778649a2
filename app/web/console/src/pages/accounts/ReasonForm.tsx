import { FormDrawer, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';

interface Props {
  open: boolean;
  title: string;
  about: string;
  /** The verb of the act. */
  act: string;
  submit: (reason: string) => Promise<unknown>;
  close: () => void;
}

/** Asks why before an act that others will want explained. */
export function ReasonForm({ open, title, about, act, submit, close }: Props) {
  const t = useT();
  return (
    <FormDrawer<{ reason: string }>
      open={open}
      title={title}
      about={about}
      initial={{ reason: '' }}
      submitText={act}
      submit={({ reason }) => submit(reason.trim())}
      close={close}
    >
      <Form.Item
        name="reason"
        label={t('accounts.reason')}
        extra={t('accounts.reasonHint')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('accounts.reasonBad') }]}
      >
        <Input.TextArea maxLength={200} showCount autoFocus autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
