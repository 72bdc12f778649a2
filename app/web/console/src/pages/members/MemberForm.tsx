import { api, keyed, type Schemas, take } from '@gonghui/api';
import { DateInput, FormDrawer, useAct, useCan, useT } from '@gonghui/ui';
import { codesOf } from '@gonghui/ui/codes';
import { Checkbox, Form, Input, Radio, Select } from 'antd';
import { keys, type Member, useDepts } from '../../data.ts';
import { phoneShape } from '../../phone.ts';
import { PersonAnswer } from './PersonAnswer.tsx';
import { usePersonCheck } from './usePersonCheck.ts';

type Values = Schemas['MemberFields'];

interface Props {
  /** The member to change; null inside for a new one, whose name may be known. */
  target: { member: Member | null; name?: string } | null;
  close: () => void;
  done?: (member: Member) => void;
}

const reasonField = { MEMBER_DUPLICATE: 'idNumber', MEMBER_ELSEWHERE: 'idNumber' };

const blank: Values = {
  name: '',
  idKind: 'citizen_id',
  idNumber: '',
  phone: '',
  sex: '',
  birth: '',
  nation: '',
  education: '',
  politicalStatus: '',
  employer: '',
  job: '',
  employment: '',
  migrant: false,
  address: '',
  joinedOn: '',
  deptId: '',
};

/** Empty text stands for everything the person left alone: a cleared choice is undefined in the form. */
function complete(values: Partial<Values>): Values {
  return Object.fromEntries(
    Object.entries(blank).map(([key, empty]) => [key, values[key as keyof Values] ?? empty]),
  ) as unknown as Values;
}

/** The real-name file as a form. The server checks; here only what is plainly missing. */
export function MemberForm({ target, close, done }: Props) {
  const t = useT();
  const can = useCan();
  const old = target?.member ?? null;
  const depts = useDepts(can('org.read') && target !== null);
  const [form] = Form.useForm<Values>();
  const person = usePersonCheck(form);
  // A department that was dissolved is still the one that stands in the file.
  const departments = (depts.data ?? []).map((dept) => ({ value: dept.id, label: dept.name }));
  const kept = old?.fields.deptId;
  if (kept && !departments.some((dept) => dept.value === kept))
    departments.unshift({ value: kept, label: t('member.deptGone') });
  const save = useAct({
    run: (fields: Values, key) =>
      old
        ? take(
            api.PUT('/v1/members/{id}', {
              params: { path: { id: old.id } },
              body: { id: old.id, fields, version: old.version },
            }),
          )
        : take(api.POST('/v1/members', { body: { fields }, headers: keyed(key) })),
    refresh: [keys.members, keys.figures, keys.duplicates],
    said: old ? t('form.saved') : t('member.saved'),
    quiet: true,
  });
  const options = (list: Parameters<typeof codesOf>[0]) =>
    codesOf(list).map((code) => ({ value: code, label: t(`code.${list}.${code}`) }));
  // A masked number must not come back as if it were the number.
  const initial: Values = old ? { ...old.fields, idNumber: '', phone: '' } : { ...blank, name: target?.name ?? '' };
  const shut = () => {
    person.forget();
    close();
  };
  return (
    <FormDrawer<Values>
      form={form}
      open={target !== null}
      width={560}
      title={old ? t('member.edit') : t('member.add')}
      initial={{ ...initial, ...chosen(initial) }}
      prefix="fields."
      reasonField={reasonField}
      submit={async (values) => {
        const member = await save.mutateAsync(complete(values));
        if (done) setTimeout(() => done(member));
      }}
      close={shut}
    >
      <Form.Item
        name="name"
        label={t('member.name')}
        rules={[{ required: true, whitespace: true, message: t('member.nameBad') }]}
      >
        <Input maxLength={60} autoFocus={!target?.name} autoComplete="off" />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="idKind" label={t('member.idKind')}>
          <Select options={options('idKind')} popupMatchSelectWidth={false} onChange={person.forget} />
        </Form.Item>
        <Form.Item
          name="idNumber"
          label={t('member.idNumber')}
          extra={
            <>
              {old && t('member.keep', { value: old.fields.idNumber })}
              <PersonAnswer found={person.found} self={old?.id} />
            </>
          }
          rules={old ? [] : [{ required: true, whitespace: true, message: t('member.idBad') }]}
        >
          <Input
            maxLength={24}
            autoComplete="off"
            autoFocus={!!target?.name}
            onChange={person.forget}
            onBlur={() => void person.check()}
          />
        </Form.Item>
        <Form.Item
          name="phone"
          label={t('member.phone')}
          extra={old?.fields.phone ? t('member.keep', { value: old.fields.phone }) : undefined}
          rules={[{ pattern: phoneShape, message: t('officer.phoneBad') }]}
          validateTrigger="onBlur"
        >
          <Input inputMode="tel" maxLength={20} autoComplete="off" />
        </Form.Item>
        <Form.Item name="nation" label={t('member.nation')}>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={options('nation')} />
        </Form.Item>
        <Form.Item name="sex" label={t('member.sex')} extra={t('member.derived')}>
          <Radio.Group options={options('sex')} />
        </Form.Item>
        <Form.Item name="birth" label={t('member.birth')} extra={t('member.derived')}>
          <DateInput />
        </Form.Item>
      </div>
      <Form.Item name="employer" label={t('member.employer')}>
        <Input maxLength={120} autoComplete="off" />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="job" label={t('member.job')}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item name="employment" label={t('member.employment')}>
          <Select allowClear options={options('employment')} />
        </Form.Item>
        <Form.Item name="education" label={t('member.education')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            options={options('education')}
            popupMatchSelectWidth={false}
          />
        </Form.Item>
        <Form.Item name="politicalStatus" label={t('member.politics')}>
          <Select allowClear options={options('politics')} popupMatchSelectWidth={false} />
        </Form.Item>
        <Form.Item name="joinedOn" label={t('member.joinedOn')} extra={old ? undefined : t('member.joinedHint')}>
          <DateInput />
        </Form.Item>
      </div>
      <Form.Item name="deptId" label={t('member.dept')} extra={t('member.deptHint')} hidden={!can('org.read')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          loading={depts.isFetching}
          options={departments}
        />
      </Form.Item>
      <Form.Item name="address" label={t('member.address')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="migrant" valuePropName="checked">
        <Checkbox>{t('member.migrant')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}

/** A choice that was never made is undefined to antd, which would show the empty text as an option of its own. */
function chosen(values: Values): Partial<Values> {
  const pick = (code: string) => code || undefined;
  return {
    nation: pick(values.nation),
    education: pick(values.education),
    politicalStatus: pick(values.politicalStatus),
    employment: pick(values.employment),
    deptId: pick(values.deptId ?? ''),
  };
}
