import { DateInput, useT } from '@gonghui/ui';
import { Checkbox, Form, InputNumber, Radio, Select } from 'antd';
import { weekdays } from './planning.ts';

const kinds = ['once', 'daily', 'weekly', 'monthly_day', 'monthly_weekday'] as const;

/** When a meeting takes place again. */
export function RepeatItems() {
  const t = useT();
  const kind = Form.useWatch(['repeat', 'kind']) ?? 'once';
  const end = Form.useWatch(['repeat', 'end']) ?? 'count';
  const unit = kind.startsWith('monthly') ? 'monthly' : kind;
  return (
    <>
      <Form.Item name={['repeat', 'kind']} label={t('planning.repeat')}>
        <Select options={kinds.map((value) => ({ value, label: t(`planning.repeats.${value}`) }))} />
      </Form.Item>
      {kind !== 'once' && (
        <>
          <Form.Item name={['repeat', 'every']} label={t('planning.every')}>
            <Select
              options={[1, 2, 3, 4, 6, 12].map((count) => ({
                value: count,
                label: t(`planning.everyUnit.${unit}`, { count }),
              }))}
            />
          </Form.Item>
          {kind === 'weekly' && (
            <Form.Item name={['repeat', 'weekdays']} label={t('planning.weekdays')}>
              <Checkbox.Group options={weekdays.map((value) => ({ value, label: t(`planning.weekday.${value}`) }))} />
            </Form.Item>
          )}
          <Form.Item name={['repeat', 'end']} label={t('planning.end')}>
            <Radio.Group
              options={(['count', 'until'] as const).map((value) => ({ value, label: t(`planning.ends.${value}`) }))}
            />
          </Form.Item>
          {end === 'count' ? (
            <Form.Item name={['repeat', 'count']} label={t('planning.count')}>
              <InputNumber min={2} max={100} precision={0} />
            </Form.Item>
          ) : (
            <Form.Item
              name={['repeat', 'until']}
              label={t('planning.until')}
              rules={[{ required: true, message: t('planning.needUntil') }]}
            >
              <DateInput />
            </Form.Item>
          )}
        </>
      )}
    </>
  );
}
