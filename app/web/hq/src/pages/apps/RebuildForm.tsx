import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input, InputNumber, Radio } from 'antd';
import { appKeys, type Rebuild } from './apps.ts';

interface Values {
  all: boolean;
  share: number;
  reason: string;
}

interface Props {
  open: boolean;
  close: () => void;
  done: (rebuild: Rebuild) => void;
}

/** Has the packages of all bodies below built anew, as after a mend of the program that they share. */
export function RebuildForm({ open, close, done }: Props) {
  const t = useT();
  const ask = useAct({
    run: (body: Values, key) => take(api.POST('/v1/fleet/rebuilds', { body, headers: keyed(key) })),
    refresh: [appKeys.all],
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={open}
      title={t('fleet.rebuildTitle')}
      about={t('fleet.rebuildAbout')}
      initial={{ all: false, share: 100, reason: '' }}
      submitText={t('fleet.rebuildStart')}
      // The next page opens after this form has closed, or the address would be set twice.
      submit={async (values) => {
        const rebuild = await ask.mutateAsync(values);
        setTimeout(() => done(rebuild));
      }}
      close={close}
    >
      <Form.Item name="all" label={t('fleet.which')}>
        <Radio.Group
          className="choices"
          options={[
            { value: false, label: t('fleet.whichOld') },
            { value: true, label: t('fleet.all') },
          ]}
        />
      </Form.Item>
      <Form.Item name="share" label={t('fleet.share')} extra={t('fleet.shareHelp')}>
        <InputNumber min={0} max={100} precision={0} suffix="%" />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('fleet.reason')}
        extra={t('fleet.reasonHelp')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('fleet.reasonBad') }]}
      >
        <Input.TextArea maxLength={100} showCount autoSize={{ minRows: 2, maxRows: 4 }} />
      </Form.Item>
    </FormDrawer>
  );
}
