import { FormDrawer, useCan, useT } from '@gonghui/ui';
import { App, Checkbox, Form, Input, Radio } from 'antd';
import { useEffect, useRef } from 'react';
import { download, stopped } from '../../transfer.ts';

interface Values {
  reason: string;
  format: 'xlsx' | 'csv';
  /** active | withdrawn | deceased | all */
  state: string;
  /** ID numbers and phones as they are, not masked. */
  full: boolean;
}

const states = ['active', 'withdrawn', 'deceased', 'all'];

/** Takes the roll out as a file: for a reason, which is kept. */
export function ExportForm({ open, close }: { open: boolean; close: () => void }) {
  const t = useT();
  const can = useCan();
  const { message } = App.useApp();
  const under = useRef<AbortController | null>(null);
  useEffect(() => () => under.current?.abort(), []);
  const submit = async (values: Values) => {
    under.current = new AbortController();
    const hide = message.loading(t('export.doing'), 0);
    try {
      await download(
        '/v1/members:export',
        t('export.fileName', { format: values.format }),
        { ...values, reason: values.reason.trim(), full: values.full ?? false },
        under.current.signal,
      );
      void message.success(t('export.said'));
    } catch (thrown) {
      if (!stopped(thrown)) throw thrown;
    } finally {
      hide();
    }
  };
  return (
    <FormDrawer<Values>
      open={open}
      title={t('export.title')}
      about={t('export.about')}
      initial={{ reason: '', format: 'xlsx', state: 'active', full: false }}
      submitText={t('export.go')}
      submit={submit}
      close={() => {
        under.current?.abort();
        close();
      }}
    >
      <Form.Item
        name="reason"
        label={t('export.reason')}
        extra={t('export.reasonHint')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('export.reasonBad') }]}
      >
        <Input maxLength={200} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="state" label={t('export.which')}>
        <Radio.Group options={states.map((state) => ({ value: state, label: t(`member.stateFilter.${state}`) }))} />
      </Form.Item>
      <Form.Item name="format" label={t('export.format')}>
        <Radio.Group
          className="choices"
          options={(['xlsx', 'csv'] as const).map((format) => ({
            value: format,
            label: t(`export.formats.${format}`),
          }))}
        />
      </Form.Item>
      {can('member.reveal') && (
        <Form.Item name="full" valuePropName="checked" extra={t('export.fullHint')}>
          <Checkbox>{t('export.full')}</Checkbox>
        </Form.Item>
      )}
    </FormDrawer>
  );
}
