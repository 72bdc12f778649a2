import { api, keyed, take, uuid } from '@gonghui/api';
import { DateInput, FormDrawer, useT } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Radio, Select } from 'antd';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import type { Body } from '../../data/queries.ts';
import { LINES, type Line } from '../body/line.ts';
import { bodyAddress } from '../body/useView.ts';
import { BodyPicker } from '../search/BodyPicker.tsx';
import { KINDS, type Kind, type Level, levelsBelow, usualKind, usualLevel } from './levels.ts';
import { refreshDirectory } from './refresh.ts';

interface Props {
  /** The body below which the new one is founded. */
  parent: Body;
  line: Line;
  open: boolean;
  close: () => void;
}

interface Values {
  name: string;
  level: Level;
  kind: Kind;
  primaryLine: Line;
  parentCode?: string;
  industrialParentCode?: string;
  foundedOn?: string;
  approvalDocNo?: string;
  code?: string;
  divisionCode?: string;
  creditCode?: string;
}

/** Founds a body below the one shown. */
export default function CreateBody({ parent, line, open, close }: Props) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  // One key for one filled-in form: pressing again after a lost answer founds nothing twice.
  const key = useRef({ values: '', key: '' });
  const primaryLine = Form.useWatch('primaryLine', form) ?? line;
  const level = usualLevel(parent.level, line);

  const submit = async (values: Values) => {
    const body = {
      name: values.name.trim(),
      level: values.level,
      kind: values.kind,
      primaryLine: values.primaryLine,
      parentCode: values.parentCode ?? '',
      industrialParentCode: values.industrialParentCode ?? '',
      foundedOn: values.foundedOn ?? '',
      approvalDocNo: values.approvalDocNo?.trim() ?? '',
      code: values.code?.trim() ?? '',
      divisionCode: values.divisionCode?.trim() ?? '',
      creditCode: values.creditCode?.trim().toUpperCase() ?? '',
    };
    const shape = JSON.stringify(body);
    if (key.current.values !== shape) key.current = { values: shape, key: uuid() };
    const made = await take(api.POST('/v1/bodies', { body, headers: keyed(key.current.key) }));
    await refreshDirectory(client);
    void message.success({
      content: (
        <>
          {t('hq.create.done', { name: made.name })}{' '}
          <Button
            type="link"
            size="small"
            onClick={() => void navigate(bodyAddress(made.code, { line: null, metric: null }))}
          >
            {t('hq.create.see')}
          </Button>
        </>
      ),
      duration: 6,
    });
  };

  return (
    <FormDrawer<Values>
      open={open}
      close={close}
      form={form}
      title={t('hq.create.title')}
      about={t('hq.create.purpose', { parent: parent.name })}
      submitText={t('hq.create.submit')}
      submit={submit}
      initial={{
        level,
        kind: usualKind(level, line),
        primaryLine: line,
        ...(line === 'industrial' ? { industrialParentCode: parent.code } : { parentCode: parent.code }),
      }}
    >
      <Form.Item
        name="name"
        label={t('hq.form.name')}
        extra={t('hq.form.nameHelp')}
        rules={[{ required: true, whitespace: true, min: 2, max: 80, message: t('hq.form.nameLength') }]}
      >
        <Input maxLength={80} autoFocus />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="level" label={t('hq.form.level')}>
          <Select
            options={levelsBelow(parent.level).map((value) => ({ value, label: t(`hq.level.${value}`) }))}
            onChange={(next: Level) => form.setFieldValue('kind', usualKind(next, primaryLine))}
          />
        </Form.Item>
        <Form.Item name="kind" label={t('hq.form.kind')}>
          <Select options={KINDS.map((value) => ({ value, label: t(`hq.kind.${value}`) }))} />
        </Form.Item>
      </div>
      <Form.Item name="primaryLine" label={t('hq.form.primaryLine')} extra={t('hq.form.primaryLineHelp')}>
        <Radio.Group optionType="button" options={LINES.map((value) => ({ value, label: t(`hq.line.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="parentCode"
        label={t('hq.form.parent')}
        rules={[{ required: true, message: t('form.required', { label: t('hq.form.parent') }) }]}
      >
        <BodyPicker />
      </Form.Item>
      <Form.Item
        name="industrialParentCode"
        label={
          primaryLine === 'industrial' ? (
            t('hq.form.industrialParent')
          ) : (
            <Optional text={t('hq.form.industrialParent')} />
          )
        }
        extra={t('hq.form.industrialParentHelp')}
        rules={
          primaryLine === 'industrial'
            ? [{ required: true, message: t('form.required', { label: t('hq.form.industrialParent') }) }]
            : []
        }
      >
        <BodyPicker clearable />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="foundedOn" label={<Optional text={t('hq.form.foundedOn')} />}>
          <DateInput />
        </Form.Item>
        <Form.Item name="approvalDocNo" label={<Optional text={t('hq.form.docNo')} />}>
          <Input maxLength={60} />
        </Form.Item>
      </div>
      <h3 className="form-part">{t('hq.form.more')}</h3>
      <Form.Item
        name="creditCode"
        label={<Optional text={t('hq.form.creditCode')} />}
        extra={t('hq.form.creditCodeHelp')}
        rules={[{ pattern: /^\s*[0-9A-Za-z]{18}\s*$/, message: t('hq.form.creditForm') }]}
        validateTrigger="onBlur"
      >
        <Input maxLength={20} autoCapitalize="characters" />
      </Form.Item>
      <Form.Item
        name="divisionCode"
        label={<Optional text={t('hq.form.divisionCode')} />}
        extra={t('hq.form.divisionCodeHelp')}
        rules={[{ pattern: /^\s*(\d{6}|\d{9}|\d{12})\s*$/, message: t('hq.form.divisionForm') }]}
        validateTrigger="onBlur"
      >
        <Input maxLength={14} inputMode="numeric" />
      </Form.Item>
      <Form.Item
        name="code"
        label={<Optional text={t('hq.form.code')} />}
        extra={t('hq.form.codeHelp')}
        rules={[{ pattern: /^\s*[a-z0-9]{2,24}\s*$/, message: t('hq.form.codeForm') }]}
        validateTrigger="onBlur"
      >
        <Input maxLength={26} autoCapitalize="none" spellCheck={false} />
      </Form.Item>
    </FormDrawer>
  );
}

function Optional({ text }: { text: string }) {
  const t = useT();
  return (
    <>
      {text}
      <span className="form-optional">{t('form.optional')}</span>
    </>
  );
}
