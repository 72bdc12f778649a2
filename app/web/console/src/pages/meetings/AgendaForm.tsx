import { dateTime, FormDrawer, useAct, useMe, useT } from '@gonghui/ui';
import { Button, Form } from 'antd';
import { AgendaItems } from './AgendaItems.tsx';
import { type Agenda, agendaKey, agendaOf, asItems, type ItemValues, itemsOf, saveAgenda } from './agenda.ts';
import type { Meeting } from './meetings.ts';

interface Values {
  agenda: ItemValues[];
}

interface Props {
  open: boolean;
  meeting: Meeting;
  agenda: Agenda;
  close: () => void;
}

/** Changes what a meeting goes through. */
export function AgendaForm({ open, meeting, agenda, close }: Props) {
  const t = useT();
  const { name } = useMe();
  const [form] = Form.useForm<Values>();
  const items = Form.useWatch('agenda', form) ?? [];
  const save = useAct({
    run: (values: Values) => saveAgenda(meeting.id, agenda.version, asItems(values.agenda ?? [], meeting.invitees)),
    refresh: [agendaKey(meeting.id)],
    said: t('agenda.saved'),
    quiet: true,
  });
  const take = useAct({
    run: (from: string) => agendaOf(from),
    done: (last) => form.setFieldsValue({ agenda: itemsOf(last, false) }),
  });
  const { last } = agenda;
  const sum = items.reduce((all, one) => all + (one?.minutes ?? 0), 0);
  return (
    <FormDrawer<Values>
      form={form}
      open={open}
      width={560}
      title={t('agenda.edit')}
      about={t('agenda.about')}
      initial={{ agenda: itemsOf(agenda, true) }}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      {last?.meetingId && items.length === 0 && (
        <p>
          <Button loading={take.isPending} onClick={() => take.mutate(last.meetingId)}>
            {t('agenda.takeOver', { title: last.title, at: dateTime(last.startsAt).slice(0, 10) })}
          </Button>
        </p>
      )}
      <AgendaItems names={[name, ...meeting.invitees.map((one) => one.name)]} />
      {sum > 0 && (
        <p className="agenda-sum quiet num" role="status">
          {t('agenda.sum', { count: sum, planned: meeting.minutes })}
        </p>
      )}
    </FormDrawer>
  );
}
