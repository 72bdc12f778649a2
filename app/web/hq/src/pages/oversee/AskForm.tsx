import { api, keyed, type Schemas, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { lasting, purposeKinds, type SupervisionRequest } from '@gonghui/ui/supervision';
import { App, Button, Form, Input, Radio, Select } from 'antd';
import { useNavigate } from 'react-router';
import { overseeKey } from './key.ts';

interface Props {
  body: Schemas['Body'];
  open: boolean;
  close: () => void;
}

interface Values {
  kind: 'details' | 'assist';
  purposeKind: string;
  purpose: string;
  minutes: number;
}

/** What can be asked for, minutes. */
const lengths = { details: [1440, 3 * 1440, 7 * 1440, 30 * 1440], assist: [60, 120, 240, 480] };

/** Asks a body below for sight of its records, or for leave to help in it. */
export default function AskForm({ body, open, close }: Props) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const kind = Form.useWatch('kind', form) ?? 'details';
  const told = (request: SupervisionRequest) =>
    message.success({
      content: (
        <>
          {t(request.state === 'running' ? 'oversee.granted' : 'oversee.sent')}{' '}
          <Button type="link" size="small" onClick={() => void navigate(`/supervision/${request.id}`)}>
            {t('oversee.see')}
          </Button>
        </>
      ),
      duration: 6,
    });
  const ask = useAct({
    run: (values: Values, key) =>
      take(
        api.POST('/v1/supervision/requests', {
          body: {
            bodyCode: body.code,
            kind: values.kind,
            capability: values.kind === 'details' ? 'member.read' : '',
            role: values.kind === 'assist' ? 'officer' : '',
            purposeKind: values.purposeKind,
            purpose: values.purpose.trim(),
            minutes: values.minutes,
          },
          headers: keyed(key),
        }),
      ),
    refresh: [overseeKey],
    done: (request) => void told(request),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={open}
      close={close}
      form={form}
      title={t('oversee.askTitle', { name: body.name })}
      about={t('oversee.askAbout')}
      submitText={t('oversee.submit')}
      submit={(values) => ask.mutateAsync(values)}
      reasonField={{ SUPERVISION_OPEN: 'kind', SUPERVISION_NOT_ACTIVE: 'kind' }}
      initial={{ kind: 'details', purposeKind: 'inspection', purpose: '', minutes: 1440 }}
    >
      <Form.Item name="kind" label={t('oversee.kind')}>
        <Radio.Group
          className="choices"
          onChange={(event) => form.setFieldValue('minutes', lengths[event.target.value as Values['kind']][0])}
        >
          {(['details', 'assist'] as const).map((value) => (
            <Radio key={value} value={value}>
              <span className="choice">
                {t(`supervision.kind.${value}`)}
                <span className="row-sub">{t(`oversee.kindHint.${value}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item name="purposeKind" label={t('supervision.purposeKind')}>
        <Select options={purposeKinds.map((value) => ({ value, label: t(`supervision.purposeKinds.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="purpose"
        label={t('supervision.purpose')}
        extra={t('oversee.purposeHelp')}
        rules={[{ required: true, whitespace: true, min: 4, message: t('oversee.purposeBad') }]}
      >
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="minutes" label={t('supervision.minutes')}>
        <Select options={lengths[kind].map((value) => ({ value, label: lasting(value, t) }))} />
      </Form.Item>
    </FormDrawer>
  );
}
