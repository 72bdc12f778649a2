import { PlusOutlined } from '@ant-design/icons';
import { api, keyed, type Schemas, take } from '@gonghui/api';
import { dateTime, FormDrawer, type ListColumn, ListPage, NoRight, useAct, useCan, useT } from '@gonghui/ui';
import { purposeKinds } from '@gonghui/ui/supervision';
import { App, Button, Checkbox, Form, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';

type Rule = Schemas['SupervisionRule'];

interface Values {
  purposeKind: string;
  maxDays: number;
  below: boolean;
}

/** The rules by which requests are approved without a person: the own ones, and those of bodies above. */
export function RulesPage() {
  const t = useT();
  const can = useCan();
  const { modal } = App.useApp();
  const [adding, setAdding] = useState(false);
  const add = useAct({
    run: (values: Values, key) => take(api.POST('/v1/supervision/rules', { body: values, headers: keyed(key) })),
    refresh: [keys.supervision],
    done: () => setAdding(false),
    said: t('overseen.rulesPage.added'),
    quiet: true,
  });
  const drop = useAct({
    run: ({ id }: Rule) => take(api.DELETE('/v1/supervision/rules/{id}', { params: { path: { id } } })),
    refresh: [keys.supervision],
    said: t('overseen.rulesPage.dropped'),
  });
  if (!can('supervise.decide')) return <NoRight page what={t('overseen.rulesPage.title')} />;

  const purpose = (kind: string) => (kind ? t(`supervision.purposeKinds.${kind}`) : t('overseen.rulesPage.any'));
  const ask = (rule: Rule) =>
    modal.confirm({
      title: t('overseen.rulesPage.dropAsk', { name: purpose(rule.purposeKind) }),
      content: t('overseen.rulesPage.dropHint'),
      icon: null,
      okText: t('overseen.rulesPage.drop'),
      autoFocusButton: 'cancel',
      onOk: () => drop.mutateAsync(rule).catch(() => {}),
    });
  const columns: ListColumn<Rule>[] = [
    { key: 'purpose', title: t('overseen.rulesPage.purposeKind'), render: (r) => purpose(r.purposeKind) },
    {
      key: 'days',
      title: t('overseen.rulesPage.maxDays'),
      align: 'right',
      render: (r) => <span className="num">{t('supervision.days', { count: r.maxDays })}</span>,
    },
    {
      key: 'owner',
      title: t('overseen.rulesPage.owner'),
      render: (r) => (r.own ? t('overseen.rulesPage.own') : r.bodyName),
    },
    {
      key: 'reach',
      title: t('overseen.rulesPage.reach'),
      render: (r) => t(r.below ? 'overseen.rulesPage.reachBelow' : 'overseen.rulesPage.reachOwn'),
    },
    { key: 'by', title: t('overseen.rulesPage.by'), phone: 'hide', render: (r) => r.byName },
    {
      key: 'at',
      title: t('overseen.rulesPage.at'),
      phone: 'hide',
      render: (r) => <span className="num">{dateTime(r.createdAt)}</span>,
    },
  ];
  if (can('supervise.rules')) {
    columns.push({
      key: 'act',
      title: t('overseen.rulesPage.act'),
      align: 'right',
      render: (r) =>
        r.own && (
          <Button
            size="small"
            aria-label={`${t('overseen.rulesPage.drop')} ${purpose(r.purposeKind)}`}
            onClick={() => ask(r)}
          >
            {t('overseen.rulesPage.drop')}
          </Button>
        ),
    });
  }
  return (
    <ListPage<Rule>
      id="supervision-rules"
      title={t('overseen.rulesPage.title')}
      purpose={t('overseen.rulesPage.purpose')}
      action={
        can('supervise.rules') && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
            {t('overseen.rulesPage.add')}
          </Button>
        )
      }
      columns={columns}
      choosable={false}
      queryKey={[...keys.supervision, 'rules']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/supervision/rules', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.rules, next: reply.nextPageToken };
      }}
      rowKey={(r) => r.id}
      empty={{ title: t('overseen.rulesPage.empty'), why: t('overseen.rulesPage.emptyWhy') }}
    >
      <FormDrawer<Values>
        open={adding}
        title={t('overseen.rulesPage.add')}
        about={t('overseen.rulesPage.addAbout')}
        initial={{ purposeKind: 'statistics', maxDays: 7, below: false }}
        submitText={t('overseen.rulesPage.add')}
        submit={(values) => add.mutateAsync(values)}
        close={() => setAdding(false)}
      >
        <Form.Item name="purposeKind" label={t('overseen.rulesPage.purposeKind')}>
          <Select options={['', ...purposeKinds].map((value) => ({ value, label: purpose(value) }))} />
        </Form.Item>
        <Form.Item
          name="maxDays"
          label={t('overseen.rulesPage.maxDays')}
          rules={[{ required: true, type: 'integer', min: 1, max: 30, message: t('overseen.rulesPage.maxDaysBad') }]}
        >
          <InputNumber min={1} max={30} />
        </Form.Item>
        <Form.Item name="below" valuePropName="checked" extra={t('overseen.rulesPage.belowHint')}>
          <Checkbox>{t('overseen.rulesPage.below')}</Checkbox>
        </Form.Item>
      </FormDrawer>
    </ListPage>
  );
}
