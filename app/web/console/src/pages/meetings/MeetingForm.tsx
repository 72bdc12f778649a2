import { api, keyed, take } from '@gonghui/api';
import { DateInput, FormDrawer, useAct, useLocale, useMe, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio, Select, Switch } from 'antd';
import { useRef, useState } from 'react';
import { AgendaItems } from './AgendaItems.tsx';
import { PlaceItems, ReminderItems } from './ArrangeItems.tsx';
import { agendaOf, asItems, saveAgenda } from './agenda.ts';
import { usual } from './arrange.ts';
import { InviteItems } from './InviteItems.tsx';
import {
  lengths,
  type Meeting,
  meetingKeys,
  momentOf,
  nextSlot,
  openings,
  type PlanValues,
  planOf,
  valuesOf,
} from './meetings.ts';
import { once } from './planning.ts';
import { RepeatItems } from './RepeatItems.tsx';

interface Props {
  /** A new meeting of a kind, or the one to change. */
  target: 'instant' | 'plan' | Meeting | null;
  close: () => void;
  made?: (meeting: Meeting, instant: boolean) => void;
}

/** What a meeting is to be. */
export function MeetingForm({ target, close, made }: Props) {
  const t = useT();
  const locale = useLocale();
  const { name } = useMe();
  const [form] = Form.useForm<PlanValues>();
  const openTo = Form.useWatch('openTo', form) ?? 'body';
  const old = typeof target === 'object' ? target : null;
  const instant = target === 'instant';
  // One goes on to it when the form is closed: before, leaving would count as leaving it unsaved.
  const saved = useRef<Meeting | null>(null);
  const leave = () => {
    close();
    if (saved.current) made?.(saved.current, instant);
    saved.current = null;
  };
  const save = useAct({
    run: async (values: PlanValues, key) => {
      const plan = planOf(values, instant);
      if (!old) {
        const made = await take(api.POST('/v1/meetings', { body: { plan, instant }, headers: keyed(key) }));
        const items = instant ? [] : asItems(values.agenda ?? [], made.invitees);
        if (items.length > 0) await saveAgenda(made.id, (await agendaOf(made.id)).version, items);
        return made;
      }
      const { id, version } = old;
      const body = { id, plan, version, following: values.following ?? false };
      return take(api.PUT('/v1/meetings/{id}', { params: { path: { id } }, body }));
    },
    refresh: [meetingKeys.list],
    done: (meeting) => {
      saved.current = meeting;
    },
    said: instant ? undefined : t(old ? 'meetings.saved' : 'meetings.planned'),
    quiet: true,
  });
  const kind = old ? 'edit' : instant ? 'instant' : 'plan';
  const began = old?.state === 'live';
  return (
    <FormDrawer<PlanValues>
      form={form}
      open={target !== null}
      title={t(`meetings.${kind}Title`)}
      submitText={old ? undefined : t(instant ? 'meetings.instantSubmit' : 'meetings.planSubmit')}
      prefix="plan."
      initial={
        old
          ? valuesOf(old)
          : {
              title: t('meetings.nameOf', { name }),
              ...nextSlot(new Date()),
              minutes: 60,
              openTo: 'body',
              waitingRoom: false,
              password: '',
              audience: false,
              watermark: false,
              invitees: [],
              cohosts: [],
              repeat: once,
              reminding: usual,
              taken: 'refuse',
            }
      }
      submit={(values) => save.mutateAsync(values)}
      close={leave}
    >
      <Form.Item
        name="title"
        label={t('meetings.name')}
        rules={[{ required: true, whitespace: true, message: t('meetings.needName') }]}
      >
        <Input maxLength={120} />
      </Form.Item>
      {!instant && (
        <>
          <Form.Item name="day" label={t('meetings.day')} rules={[{ required: true, message: t('meetings.needDay') }]}>
            <DateInput disabled={began} />
          </Form.Item>
          <Form.Item
            name="time"
            label={t('meetings.time')}
            dependencies={['day']}
            rules={[
              { required: true, message: t('meetings.needTime') },
              ({ getFieldValue }) => ({
                validator: (_, time: string) => {
                  const day = getFieldValue('day') as string;
                  const late = !old && day && time && new Date(momentOf(day, time)).getTime() < Date.now() - 60_000;
                  return late ? Promise.reject(new Error(t('meetings.pastTime'))) : Promise.resolve();
                },
              }),
            ]}
          >
            <Input type="time" disabled={began} lang={locale} />
          </Form.Item>
        </>
      )}
      <Form.Item name="minutes" label={t('meetings.minutes')}>
        <Select options={lengths.map((n) => ({ value: n, label: t('meetings.minutesN', { count: n }) }))} />
      </Form.Item>
      <Form.Item name="openTo" label={t('meetings.openTo')} extra={t(`meetings.openHint.${openTo}`)}>
        <Radio.Group
          className="choices"
          options={openings.map((value) => ({ value, label: t(`meetings.open.${value}`) }))}
        />
      </Form.Item>
      {kind === 'plan' && <RepeatItems />}
      {kind === 'plan' && (
        <Form.Item label={t('agenda.title')} extra={t('agenda.planHint')}>
          <AgendaItems names={[name]} />
        </Form.Item>
      )}
      {old?.series && (
        <Form.Item name="following" label={t('planning.following')}>
          <Radio.Group
            className="choices"
            options={[
              { value: false, label: t('planning.thisOne') },
              { value: true, label: t('planning.thisAndAfter') },
            ]}
          />
        </Form.Item>
      )}
      <PlaceItems old={old} />
      {!instant && <ReminderItems old={old} />}
      <PeopleItem name="cohosts" old={old} />
      <PeopleItem name="invitees" old={old} />
      <InviteItems old={old} />
      <Form.Item
        name="waitingRoom"
        label={t('meetings.waitingRoom')}
        valuePropName="checked"
        extra={t('meetings.waitingHint')}
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name="audience"
        label={t('meetings.audience')}
        valuePropName="checked"
        extra={t('meetings.audienceHint')}
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name="watermark"
        label={t('meetings.watermark')}
        valuePropName="checked"
        extra={t('meetings.watermarkHint')}
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('meetings.password')}
        extra={t('meetings.passwordHint')}
        rules={[{ pattern: /^([0-9A-Za-z]{4,20})?$/, message: t('meetings.passwordBad') }]}
      >
        <Input maxLength={20} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  );
}

/** People of the body, found by name. */
function PeopleItem({ name, old }: { name: 'invitees' | 'cohosts'; old: Meeting | null }) {
  const t = useT();
  const [words, setWords] = useState('');
  const [known, setKnown] = useState<Record<string, string>>(() =>
    Object.fromEntries((old?.invitees ?? []).map((one) => [one.identityId, one.name])),
  );
  const { data, isFetching } = useQuery({
    queryKey: [...meetingKeys.list, 'invitable', words],
    queryFn: () => take(api.GET('/v1/meetings:invitable', { params: { query: { query: words, pageSize: 20 } } })),
    staleTime: 60_000,
  });
  const found = data?.people ?? [];
  const options = [
    ...found.map((one) => ({
      value: one.identityId,
      label: one.role
        ? `${one.name} · ${t(`role.${one.role}`)}`
        : t('planning.awayFrom', { name: one.name, body: one.bodyName }),
      name: one.name,
    })),
    ...Object.entries(known)
      .filter(([id]) => !found.some((one) => one.identityId === id))
      .map(([id, label]) => ({ value: id, label, name: label })),
  ];
  return (
    <Form.Item name={name} label={t(`meetings.${name}`)} extra={t(`meetings.${name}Hint`)}>
      <Select
        mode="multiple"
        filterOption={false}
        onSearch={setWords}
        loading={isFetching}
        options={options}
        optionLabelProp="name"
        onSelect={(_, option) => setKnown((all) => ({ ...all, [String(option.value)]: option.name }))}
        notFoundContent={t('meetings.none')}
      />
    </Form.Item>
  );
}
