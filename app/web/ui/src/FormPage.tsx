import { App, Button, Form, type FormInstance } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import { useT } from './base/i18n.ts';
import { Fault } from './Fault.tsx';
import { LeaveGuard } from './leaveGuard.tsx';
import { useServerForm } from './serverForm.ts';

interface Props<V extends object> {
  initial: Partial<V>;
  submitText?: string;
  prefix?: string;
  reasonField?: Record<string, string>;
  submit: (values: V) => Promise<unknown>;
  /** Said when it is done; false says nothing. */
  said?: string | false;
  /** Empties the form afterwards: for passwords. */
  resetAfter?: boolean;
  form?: FormInstance<V>;
  disabled?: boolean;
  children: ReactNode;
}

/** A form that stands in the page, in one column with its button below. */
export function FormPage<V extends object>(props: Props<V>) {
  const t = useT();
  const { message } = App.useApp();
  const [own] = Form.useForm<V>();
  const form = props.form ?? own;
  const [busy, setBusy] = useState(false);
  const dirty = useRef(false);
  const { fault, refuse, clear } = useServerForm({ form, prefix: props.prefix, reasonField: props.reasonField });

  const finish = async (values: V) => {
    setBusy(true);
    clear();
    try {
      await props.submit(values);
      dirty.current = false;
      if (props.resetAfter) form.resetFields();
      if (props.said !== false) void message.success(props.said ?? t('form.saved'));
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="form-page">
      <LeaveGuard dirty={() => dirty.current} />
      <Fault fault={fault} />
      <Form<V>
        form={form}
        layout="vertical"
        initialValues={props.initial}
        disabled={props.disabled}
        onValuesChange={() => {
          dirty.current = true;
        }}
        onFinish={(values) => void finish(values)}
      >
        {props.children}
        {!props.disabled && (
          <Button type="primary" htmlType="submit" loading={busy}>
            {props.submitText ?? t('act.save')}
          </Button>
        )}
      </Form>
    </div>
  );
}
