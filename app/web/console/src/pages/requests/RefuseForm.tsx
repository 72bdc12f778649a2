import { FormDrawer, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';

interface Values {
  reason: string;
}

interface Props {
  /** The member whose request is refused; null when the form is closed. */
  name: string | null;
  /** What is said of who will read the reason. */
  about: string;
  refuse: (reason: string) => Promise<unknown>;
  close: () => void;
}

/** Asks why, in words that the member will read. */
export function RefuseForm({ name, about, refuse, close }: Props) {
  const t = useT();
  return (
    <FormDrawer<Values>
      open={name !== null}
      title={t('requests.refuseTitle', { name: name ?? '' })}
      about={about}
      initial={{ reason: '' }}
      submitText={t('requests.refuse')}
      submit={({ reason }) => refuse(reason.trim())}
      close={close}
    >
      <Form.Item
        name="reason"
        label={t('requests.reason')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('requests.refuseBad') }]}
      >
        <Input.TextArea maxLength={200} showCount autoFocus autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
