import { Button, Drawer, Form, type FormInstance } from 'antd';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useT } from './base/i18n.ts';
import { Fault } from './Fault.tsx';
import { LeaveGuard, useLeaveQuestion } from './leaveGuard.tsx';
import { useServerForm } from './serverForm.ts';
import { useFocusBack } from './useFocusBack.ts';
import { useWide } from './useWide.ts';

interface Props<V extends object> {
  open: boolean;
  title: string;
  /** One sentence on what this does, where the title does not say it. */
  about?: string;
  initial?: Partial<V>;
  submitText?: string;
  /** See useServerForm. */
  prefix?: string;
  reasonField?: Record<string, string>;
  /** Sends the values; a rejection is shown under its field and the drawer stays. */
  submit: (values: V) => Promise<unknown>;
  close: () => void;
  form?: FormInstance<V>;
  width?: number;
  children: ReactNode;
}

/** A form beside the page it belongs to: one column, Enter saves, Esc closes, unsaved work is asked for. */
export function FormDrawer<V extends object>(props: Props<V>) {
  const t = useT();
  const wide = useWide();
  const focusBack = useFocusBack(props.open);
  const [own] = Form.useForm<V>();
  const form = props.form ?? own;
  const [busy, setBusy] = useState(false);
  const dirty = useRef(false);
  const { fault, refuse, clear } = useServerForm({ form, prefix: props.prefix, reasonField: props.reasonField });
  const question = useLeaveQuestion();

  useEffect(() => {
    if (!props.open) return;
    dirty.current = false;
    clear();
  }, [props.open, clear]);

  const close = () => (dirty.current ? question(props.close) : props.close());
  const finish = async (values: V) => {
    setBusy(true);
    clear();
    try {
      await props.submit(values);
      dirty.current = false;
      props.close();
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Drawer
      open={props.open}
      onClose={close}
      size={wide ? (props.width ?? 480) : '100%'}
      title={props.title}
      afterOpenChange={focusBack}
      focusable={{ focusTriggerAfterClose: false }}
      destroyOnHidden
      mask={{ closable: true }}
      closable={{ 'aria-label': t('act.close') }}
      footer={
        <div className="drawer-acts">
          <Button onClick={close}>{t('act.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={() => form.submit()}>
            {props.submitText ?? t('act.save')}
          </Button>
        </div>
      }
    >
      {props.open && <LeaveGuard dirty={() => dirty.current} />}
      {props.about && <p className="form-about">{props.about}</p>}
      <Fault fault={fault} />
      <Form<V>
        form={form}
        layout="vertical"
        initialValues={props.initial}
        preserve={false}
        onValuesChange={() => {
          dirty.current = true;
        }}
        onFinish={(values) => void finish(values)}
      >
        {props.children}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        <Anew open={props.open} reset={form.resetFields} />
      </Form>
    </Drawer>
  );
}

/** One drawer serves many things in turn; without this the form would keep what it held for the one before. */
function Anew({ open, reset }: { open: boolean; reset: () => void }) {
  useLayoutEffect(() => {
    if (open) reset();
  }, [open, reset]);
  return null;
}
