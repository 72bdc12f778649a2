import { FormDrawer, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';

interface Props {
  open: boolean;
  title: string;
  about: string;
  /** What the button does. */
  act: string;
  /** It takes a reason. */
  needed?: boolean;
  submit: (reason: string) => Promise<unknown>;
  close: () => void;
}

/** Asks why, in words that the other side will read. */
export function ReasonForm({ open, title, about, act, needed = false, submit, close }: Props) {
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
        label={t('supervision.reason')}
        rules={needed ? [{ required: true, whitespace: true, min: 2, message: t('overseen.refuseBad') }] : []}
      >
        <Input.TextArea maxLength={200} showCount autoFocus autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
