import { api, take } from '@gonghui/api';
import { DateInput, FormDrawer, useT } from '@gonghui/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Radio } from 'antd';
import { bodyQuery, type Lineage } from '../../data/queries.ts';
import { LINES, type Line } from '../body/line.ts';
import { BodyPicker } from '../search/BodyPicker.tsx';
import { parentOn } from './parentOn.ts';
import { refreshDirectory } from './refresh.ts';

interface Props {
  lineage: Lineage;
  line: Line;
  open: boolean;
  close: () => void;
}

interface Values {
  line: Line;
  parentCode: string;
  effectiveOn?: string;
  approvalDocNo?: string;
}

/** Puts the body shown under another parent on one line. */
export default function MoveBody({ lineage, line: shown, open, close }: Props) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { body } = lineage;
  const line = Form.useWatch('line', form) ?? shown;
  const to = Form.useWatch('parentCode', form) ?? '';
  const from = parentOn(lineage, line);
  const target = useQuery({ ...bodyQuery(to), enabled: to !== '' });

  const submit = async (values: Values) => {
    await take(
      api.POST('/v1/bodies/{code}:move', {
        params: { path: { code: body.code } },
        body: {
          code: body.code,
          line: values.line,
          parentCode: values.parentCode,
          effectiveOn: values.effectiveOn ?? '',
          approvalDocNo: values.approvalDocNo?.trim() ?? '',
        },
      }),
    );
    await refreshDirectory(client);
    void message.success(t('hq.move.done', { name: body.name }));
  };

  return (
    <FormDrawer<Values>
      open={open}
      close={close}
      form={form}
      title={t('hq.move.title')}
      about={t('hq.move.purpose', { name: body.name })}
      submitText={t('hq.move.submit')}
      submit={submit}
      initial={{ line: shown }}
    >
      <Form.Item name="line" label={t('hq.move.line')}>
        <Radio.Group optionType="button" options={LINES.map((value) => ({ value, label: t(`hq.line.${value}`) }))} />
      </Form.Item>
      <p className="form-fact">
        <span>{t('hq.move.from')}</span>
        <strong>{from?.name ?? t('hq.move.fromNone')}</strong>
      </p>
      <Form.Item
        name="parentCode"
        label={t('hq.move.to')}
        dependencies={['line']}
        rules={[
          { required: true, message: t('form.required', { label: t('hq.move.to') }) },
          {
            validator: (_, code: string | undefined) => {
              if (code === body.code) return Promise.reject(new Error(t('hq.move.self')));
              if (code && code === from?.code) return Promise.reject(new Error(t('hq.move.same')));
              return Promise.resolve();
            },
          },
        ]}
      >
        <BodyPicker />
      </Form.Item>
      <Form.Item name="effectiveOn" label={t('hq.form.effectiveOn')} extra={t('hq.form.effectiveOnHelp')}>
        <DateInput />
      </Form.Item>
      <Form.Item name="approvalDocNo" label={t('hq.form.docNo')}>
        <Input maxLength={60} />
      </Form.Item>
      {target.data && target.data.body.code !== from?.code && (
        <p className="form-effect" role="status">
          {line === body.primaryLine
            ? t('hq.move.effect', {
                name: body.name,
                from: from?.name ?? t('hq.move.fromNone'),
                to: target.data.body.name,
              })
            : t('hq.move.effectView')}
        </p>
      )}
    </FormDrawer>
  );
}
