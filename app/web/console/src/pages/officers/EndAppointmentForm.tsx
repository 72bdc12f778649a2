import { api, keyed, take } from '@gonghui/api';
import { DateInput, date, FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form } from 'antd';
import { type Appointment, keys } from '../../data.ts';

interface Values {
  endOn: string;
}

const reasonField = { APPOINTMENT_DATES: 'endOn' };

/** Ends the holding of a post at a day. */
export function EndAppointmentForm({ appointment, close }: { appointment: Appointment | null; close: () => void }) {
  const t = useT();
  const save = useAct({
    run: ({ endOn }: Values, key) => {
      const id = appointment?.id ?? '';
      return take(
        api.POST('/v1/appointments/{id}:end', { params: { path: { id } }, body: { id, endOn }, headers: keyed(key) }),
      );
    },
    refresh: [keys.officers, keys.posts],
    said: t('form.saved'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={appointment !== null}
      title={t('appointment.endTitle', { post: appointment?.postName ?? '' })}
      initial={{ endOn: date(new Date()) }}
      reasonField={reasonField}
      submitText={t('appointment.end')}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="endOn"
        label={t('appointment.endOn')}
        rules={[{ required: true, message: t('appointment.pickDay') }]}
      >
        <DateInput />
      </Form.Item>
    </FormDrawer>
  );
}
