import { CopyOutlined } from '@ant-design/icons';
import { App, Button, Input, type InputRef, Space } from 'antd';
import { useRef } from 'react';
import { useT } from './base/i18n.ts';

/** A text to take along. Where the browser refuses the clipboard (plain http) it is selected instead. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const t = useT();
  const { message } = App.useApp();
  const input = useRef<InputRef>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      void message.success(t('act.copied'));
    } catch {
      input.current?.focus({ cursor: 'all' });
      void message.info(t('copy.hand'));
    }
  };
  return (
    <Space.Compact block>
      <Input ref={input} readOnly value={value} aria-label={label} onFocus={(e) => e.target.select()} />
      <Button type="primary" icon={<CopyOutlined aria-hidden />} onClick={() => void copy()}>
        {t('act.copy')}
      </Button>
    </Space.Compact>
  );
}
