import { Badge, DateInput, Facts, pick, useLocale, useMe, useT, whereWords } from '@gonghui/ui';
import {
  BodyTree,
  byModule,
  capabilitiesQuery,
  levels,
  reach,
  roleQuery,
  rolesQuery,
  SubjectPicker,
  scopes,
  setsQuery,
} from '@gonghui/ui/rights';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form, type FormInstance, Input, InputNumber, Radio, Select } from 'antd';
import { useDepts } from '../../data.ts';

export interface Values {
  subjectKind: string;
  subject: string;
  subjectName?: string;
  /** "role <id>" or "capability <name>" */
  what: string;
  effect: string;
  kind: string;
  /** Empty for the own body. */
  anchorCode: string;
  anchorName?: string;
  depth: number;
  departmentIds: string[];
  setId: string;
  level: string;
  mode: string;
  validFrom: string;
  validTo: string;
  purpose: string;
}

interface StepProps {
  form: FormInstance<Values>;
}

/** To whom. */
export function Who({ form }: StepProps) {
  const t = useT();
  const kind = Form.useWatch('subjectKind', form) ?? 'identity';
  return (
    <>
      <Form.Item name="subjectKind" label={t('grants.kind')}>
        <Radio.Group
          options={['identity', 'post', 'group', 'app'].map((value) => ({ value, label: t(`grants.kinds.${value}`) }))}
          onChange={() => form.setFieldsValue({ subject: '', subjectName: '' })}
        />
      </Form.Item>
      <Form.Item
        name="subject"
        label={t(`give.subject.${kind}`)}
        extra={t(`give.subjectHint.${kind}`)}
        rules={[{ required: true, message: t('give.subjectMissing') }]}
      >
        <Subject kind={kind} form={form} />
      </Form.Item>
    </>
  );
}

function Subject({
  id,
  kind,
  form,
  value,
  onChange,
}: StepProps & { id?: string; kind: string; value?: string; onChange?: (id: string) => void }) {
  return (
    <SubjectPicker
      key={kind}
      id={id}
      kind={kind}
      value={value}
      onChange={(chosen, name) => {
        form.setFieldValue('subjectName', name);
        onChange?.(chosen);
      }}
    />
  );
}

/** What the choice bundles that the giver cannot give on. */
function useBeyond(what: string) {
  const locale = useLocale();
  const capabilities = useQuery(capabilitiesQuery);
  const [sort, id = ''] = what.split(' ');
  const role = useQuery({ ...roleQuery(id), enabled: sort === 'role' && id !== '' });
  const names =
    sort === 'capability'
      ? [id]
      : (role.data?.capabilities ?? []).filter((c) => c.effect !== 'deny').map((c) => c.capability);
  return (capabilities.data ?? [])
    .filter((c) => names.includes(c.name) && !c.give)
    .map((c) => pick(locale, c.titleZh, c.titleEn));
}

/** A role or a single capability, given or denied. */
export function What({ form }: StepProps) {
  const t = useT();
  const locale = useLocale();
  const roles = useQuery(rolesQuery);
  const capabilities = useQuery(capabilitiesQuery);
  const what = Form.useWatch('what', form) ?? '';
  const effect = Form.useWatch('effect', form) ?? 'allow';
  const beyond = useBeyond(what);
  const duty = new Set(['system_admin', 'security_admin', 'audit_admin']);
  return (
    <>
      <Form.Item name="effect" label={t('give.effect')}>
        <Radio.Group
          className="choices"
          onChange={(event) => {
            form.setFieldValue('level', event.target.value === 'deny' ? 'aggregate' : 'full');
            const kind = form.getFieldValue('kind');
            if (event.target.value === 'deny' && ['self', 'own', 'department'].includes(kind))
              form.setFieldValue('kind', 'body');
          }}
        >
          {['allow', 'deny'].map((value) => (
            <Radio key={value} value={value}>
              <span className="choice">
                {t(`give.effects.${value}`)}
                <span className="row-sub">{t(`give.effectHint.${value}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item
        name="what"
        label={t('give.what')}
        extra={t('give.whatHint')}
        rules={[{ required: true, message: t('give.whatMissing') }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={roles.isPending || capabilities.isPending}
          placeholder={t('give.whatPick')}
          onChange={(value: string) => {
            const c = capabilities.data?.find((one) => value === `capability ${one.name}`);
            if (c?.scope && effect === 'allow') form.setFieldValue('kind', c.scope);
          }}
          options={[
            {
              label: t('give.roles'),
              options: (roles.data ?? [])
                .filter((role) => !duty.has(role.code))
                .map((role) => ({ value: `role ${role.id}`, label: pick(locale, role.titleZh, role.titleEn) })),
            },
            ...byModule(capabilities.data ?? []).map((group) => ({
              label: pick(locale, group.titleZh, group.titleEn),
              options: group.capabilities.map((c) => ({
                value: `capability ${c.name}`,
                label: pick(locale, c.titleZh, c.titleEn),
                disabled: !c.give && effect === 'allow',
              })),
            })),
          ]}
        />
      </Form.Item>
      {beyond.length > 0 && effect === 'allow' && (
        <Alert type="warning" showIcon title={t('give.beyond', { names: beyond.join(t('explain.and')) })} />
      )}
    </>
  );
}

/** Where it holds: on the tree of bodies, with how far it reaches shaded. */
export function Where({ form }: StepProps) {
  const t = useT();
  const me = useMe();
  const values = Form.useWatch((all) => all, { form, preserve: true }) as Values | undefined;
  const sets = useQuery(setsQuery);
  const depts = useDepts();
  const kind = values?.kind ?? 'body';
  const deep = kind === 'subtree' || kind === 'industrial';
  const own = me.place.bodyCode;
  const deny = values?.effect === 'deny';
  const choose = (code: string, name: string) => {
    form.setFieldsValue({ anchorCode: code === own ? '' : code, anchorName: code === own ? '' : name });
    form.setFields([{ name: 'anchorCode', errors: [] }]);
  };
  return (
    <div className="give-where">
      <div>
        <Form.Item name="kind" label={t('give.scope')}>
          <Radio.Group className="choices">
            {scopes
              .filter((value) => !deny || !['self', 'own', 'department'].includes(value))
              .map((value) => (
                <Radio key={value} value={value}>
                  <span className="choice">
                    {t(`give.scopes.${value}`)}
                    <span className="row-sub">{t(`give.scopeHint.${value}`)}</span>
                  </span>
                </Radio>
              ))}
          </Radio.Group>
        </Form.Item>
        {deep && (
          <Form.Item name="depth" label={t('give.depth')} extra={t('give.depthHint')}>
            <InputNumber min={0} max={20} precision={0} />
          </Form.Item>
        )}
        {kind === 'department' && (
          <Form.Item
            name="departmentIds"
            label={t('give.departments')}
            rules={[{ required: true, type: 'array', min: 1, message: t('give.departmentsMissing') }]}
          >
            <Select
              mode="multiple"
              showSearch={{ optionFilterProp: 'label' }}
              loading={depts.isPending}
              options={(depts.data ?? []).map((dept) => ({ value: dept.id, label: dept.name }))}
            />
          </Form.Item>
        )}
        {kind === 'set' && (
          <Form.Item
            name="setId"
            label={t('give.set')}
            extra={t('give.setHint')}
            rules={[{ required: true, message: t('give.setMissing') }]}
          >
            <Select
              loading={sets.isPending}
              options={(sets.data ?? []).map((set) => ({ value: set.id, label: set.name }))}
            />
          </Form.Item>
        )}
      </div>
      <Form.Item
        name="anchorCode"
        label={kind === 'set' ? t('give.treeSet') : t('give.anchor', { name: values?.anchorName || me.place.bodyName })}
      >
        <Anchor kind={kind} values={values} choose={choose} />
      </Form.Item>
    </div>
  );
}

function Anchor({
  kind,
  values,
  choose,
}: {
  kind: string;
  values: Values | undefined;
  choose: (code: string, name: string) => void;
}) {
  const t = useT();
  const me = useMe();
  const sets = useQuery(setsQuery);
  const own = me.place.bodyCode;
  const scope = { kind, anchorCode: values?.anchorCode ?? '', depth: values?.depth ?? 0, setId: values?.setId ?? '' };
  const deny = values?.effect === 'deny';
  return (
    <div className="give-tree">
      <BodyTree
        key={kind === 'industrial' ? 'industrial' : 'territorial'}
        label={t('give.tree')}
        choose={kind === 'set' ? undefined : (body) => choose(body.code, body.name)}
        chosen={scope.anchorCode || own}
        mark={(_, chain, line) => {
          const r = reach(scope, chain, line, own, sets.data ?? []);
          if (!r) return {};
          return {
            className: `${deny ? 'reach-deny' : 'reach-allow'} reach-${Math.min(r.below, 4)}${r.part ? ' reach-part' : ''}`,
            aside:
              r.below === 0 && kind !== 'set'
                ? t('grants.anchor')
                : r.below > 0
                  ? t('grants.below', { n: r.below })
                  : undefined,
          };
        }}
      />
    </div>
  );
}

/** How much, in which way, how long and what for. */
export function Limits({ form }: StepProps) {
  const t = useT();
  const deny = Form.useWatch('effect', { form, preserve: true }) === 'deny';
  return (
    <>
      <Form.Item name="level" label={t(deny ? 'give.levelDeny' : 'give.level')}>
        <Radio.Group className="choices">
          {levels.map((value) => (
            <Radio key={value} value={value}>
              <span className="choice">
                {t(`level.${value}`)}
                <span className="row-sub">{t(deny ? `give.levelDenyHint.${value}` : `give.levelHint.${value}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      {!deny && (
        <Form.Item name="mode" label={t('grants.modeTitle')}>
          <Radio.Group className="choices">
            {['use', 'give', 'both'].map((value) => (
              <Radio key={value} value={value}>
                <span className="choice">
                  {t(`grants.mode.${value}`)}
                  <span className="row-sub">{t(`give.modeHint.${value}`)}</span>
                </span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
      )}
      <div className="form-pair">
        <Form.Item name="validFrom" label={t('give.from')} extra={t('give.fromHint')}>
          <DateInput />
        </Form.Item>
        <Form.Item
          name="validTo"
          label={t('give.to')}
          extra={t('give.toHint')}
          dependencies={['validFrom']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, to: string) =>
                to && getFieldValue('validFrom') && to < getFieldValue('validFrom')
                  ? Promise.reject(new Error(t('give.toBad')))
                  : Promise.resolve(),
            }),
          ]}
        >
          <DateInput />
        </Form.Item>
      </div>
      <Form.Item name="purpose" label={t('grants.purpose')} extra={t('give.purposeHint')}>
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2, maxRows: 4 }} />
      </Form.Item>
    </>
  );
}

/** All of it once more, before it is given. */
export function Review({ values }: { values: Values }) {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const roles = useQuery(rolesQuery);
  const capabilities = useQuery(capabilitiesQuery);
  const sets = useQuery(setsQuery);
  const beyond = useBeyond(values.what);
  const [sort, id] = values.what.split(' ');
  const role = roles.data?.find((one) => one.id === id);
  const capability = capabilities.data?.find((one) => one.name === id);
  const one = sort === 'role' ? role : capability;
  const deny = values.effect === 'deny';
  const scope = {
    kind: values.kind,
    anchorCode: values.anchorCode,
    anchorName: values.anchorName ?? '',
    depth: values.depth ?? 0,
    departmentIds: values.departmentIds ?? [],
    setId: values.setId,
    setName: sets.data?.find((set) => set.id === values.setId)?.name ?? '',
  };
  return (
    <>
      <Facts
        items={[
          { label: t(`grants.kinds.${values.subjectKind}`), value: values.subjectName || values.subject },
          {
            label: t(deny ? 'grants.denied' : 'grants.given'),
            value: (
              <>
                {one ? pick(locale, one.titleZh, one.titleEn) : id}{' '}
                {deny && <Badge tone="bad">{t('give.effects.deny')}</Badge>}
                {capability?.sensitive && <Badge tone="warn">{t('roles.sensitive')}</Badge>}
              </>
            ),
          },
          { label: t('grants.where'), value: whereWords(scope, t, me.place.bodyName), wide: true },
          { label: t(deny ? 'give.levelDeny' : 'grants.level'), value: t(`level.${values.level}`) },
          ...(deny ? [] : [{ label: t('grants.modeTitle'), value: t(`grants.mode.${values.mode}`) }]),
          {
            label: t('grants.when'),
            value: t('give.span', {
              from: values.validFrom || t('give.now'),
              to: values.validTo || t('give.open'),
            }),
          },
          { label: t('grants.purpose'), value: values.purpose, wide: true },
        ]}
      />
      {!deny && beyond.length > 0 && (
        <Alert type="warning" showIcon title={t('give.beyond', { names: beyond.join(t('explain.and')) })} />
      )}
      <p className="quiet">{t('give.note')}</p>
    </>
  );
}
