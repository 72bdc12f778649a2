import { api, take } from '@gonghui/api';
import { useAct, useT } from '@gonghui/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Form, Input, Modal, Radio, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { meetingKeys } from './meetings.ts';

const answers = ['yes', 'maybe', 'no', 'substitute'] as const;

interface Values {
  note?: string;
  identityId?: string;
}

/** Whether somebody comes to a meeting: two answers say why, or who comes instead. */
export function AnswerBox({ id, answer }: { id: string; answer: string }) {
  const t = useT();
  const [asking, setAsking] = useState<'no' | 'substitute' | null>(null);
  const [form] = Form.useForm<Values>();
  const send = useAct({
    run: (body: { answer: string; note: string; identityId: string }) =>
      take(api.POST('/v1/meetings/{id}:answer', { params: { path: { id } }, body: { id, ...body } })),
    refresh: [meetingKeys.list],
    said: t('planning.answered'),
    done: () => setAsking(null),
  });
  const submit = ({ note = '', identityId = '' }: Values) =>
    asking && send.mutate({ answer: asking, note: note.trim(), identityId });
  return (
    <>
      <Radio.Group
        optionType="button"
        aria-label={t('planning.answerAsk')}
        value={answer}
        disabled={send.isPending}
        options={answers.map((value) => ({ value, label: t(`planning.answers.${value}`) }))}
        onChange={({ target }) => {
          const next = target.value as (typeof answers)[number];
          if (next === 'no' || next === 'substitute') setAsking(next);
          else send.mutate({ answer: next, note: '', identityId: '' });
        }}
      />
      <Modal
        open={asking !== null}
        title={asking && t(`planning.answers.${asking}`)}
        okText={t('planning.send')}
        cancelText={t('act.cancel')}
        confirmLoading={send.isPending}
        onOk={() => form.submit()}
        onCancel={() => setAsking(null)}
        destroyOnHidden
      >
        <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} preserve={false}>
          {asking === 'substitute' ? (
            <Form.Item
              name="identityId"
              label={t('planning.who')}
              rules={[{ required: true, message: t('planning.needWho') }]}
            >
              <Colleague meeting={id} />
            </Form.Item>
          ) : (
            <Form.Item
              name="note"
              label={t('planning.whyNot')}
              rules={[{ required: true, whitespace: true, message: t('planning.needNote') }]}
            >
              <Input maxLength={160} />
            </Form.Item>
          )}
        </Form>
      </Modal>
    </>
  );
}

interface ColleagueProps {
  meeting: string;
  id?: string;
  value?: string;
  onChange?: (id: string) => void;
}

/** Somebody else of the body, found by name. */
function Colleague({ meeting, id, value, onChange }: ColleagueProps) {
  const t = useT();
  const [words, setWords] = useState('');
  const query = useDeferredValue(words.trim());
  const { data, isFetching } = useQuery({
    queryKey: [...meetingKeys.list, 'substitutes', meeting, query],
    enabled: query !== '',
    queryFn: () =>
      take(api.GET('/v1/meetings/{id}/substitutes', { params: { path: { id: meeting }, query: { query } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <Select
      id={id}
      value={value}
      onChange={onChange}
      showSearch={{ filterOption: false, onSearch: setWords, searchValue: words }}
      loading={isFetching}
      options={(query ? (data?.people ?? []) : []).map((one) => ({
        value: one.identityId,
        label: `${one.name} · ${t(`role.${one.role}`)}`,
      }))}
      placeholder={t('arrange.findColleague')}
      notFoundContent={query ? t('planning.nothing') : t('arrange.findColleague')}
    />
  );
}
