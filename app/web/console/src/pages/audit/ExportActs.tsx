import { FormDrawer, useLocale, useT } from '@gonghui/ui';
import { App, Form, Input } from 'antd';
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { download, stopped } from '../../transfer.ts';

const filters = ['person', 'from', 'to', 'act', 'kind', 'result', 'object', 'source'];

/** Takes what the search at hand finds out as a file: for a reason, which is kept. */
export function ExportActs({ open, close }: { open: boolean; close: () => void }) {
  const t = useT();
  const locale = useLocale();
  const { message } = App.useApp();
  const [search] = useSearchParams();
  const under = useRef<AbortController | null>(null);
  useEffect(() => () => under.current?.abort(), []);
  const submit = async ({ reason }: { reason: string }) => {
    under.current = new AbortController();
    const hide = message.loading(t('audit.exporting'), 0);
    const chosen = Object.fromEntries(filters.flatMap((key) => (search.get(key) ? [[key, search.get(key)]] : [])));
    try {
      await download(
        '/v1/audit/acts:export',
        'audit.csv',
        { ...chosen, reason: reason.trim(), locale },
        under.current.signal,
      );
      void message.success(t('audit.exported'));
    } catch (thrown) {
      if (!stopped(thrown)) throw thrown;
    } finally {
      hide();
    }
  };
  return (
    <FormDrawer<{ reason: string }>
      open={open}
      title={t('audit.exportTitle')}
      about={t('audit.exportAbout')}
      initial={{ reason: '' }}
      submitText={t('audit.exportGo')}
      submit={submit}
      close={() => {
        under.current?.abort();
        close();
      }}
    >
      <Form.Item
        name="reason"
        label={t('audit.exportReason')}
        extra={t('audit.exportReasonHint')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('audit.exportReasonBad') }]}
      >
        <Input maxLength={100} autoFocus autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  );
}
