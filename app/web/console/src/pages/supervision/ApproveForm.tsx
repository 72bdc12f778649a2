import { FormDrawer, useT } from '@gonghui/ui';
import { lasting, type SupervisionRequest } from '@gonghui/ui/supervision';
import { Form, Radio } from 'antd';
import { shorter } from './shorter.ts';

interface Props {
  /** Null when the form is closed. */
  request: SupervisionRequest | null;
  approve: (minutes: number) => Promise<unknown>;
  close: () => void;
}

/** Consent, for the time that was asked for or less. */
export function ApproveForm({ request, approve, close }: Props) {
  const t = useT();
  const minutes = request?.minutes ?? 0;
  return (
    <FormDrawer<{ minutes: number }>
      open={request !== null}
      title={t('overseen.approveTitle', { name: request?.askerName ?? '' })}
      about={t(request?.kind === 'assist' ? 'overseen.approveAssist' : 'overseen.approveDetails')}
      initial={{ minutes }}
      submitText={t('overseen.approve')}
      submit={(values) => approve(values.minutes)}
      close={close}
    >
      <Form.Item name="minutes" label={t('supervision.minutes')}>
        <Radio.Group className="choices">
          {shorter(minutes).map((n) => (
            <Radio key={n} value={n}>
              {lasting(n, t)}
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
    </FormDrawer>
  );
}
