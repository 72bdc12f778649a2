import { api, type Schemas, take } from '@gonghui/api';
import { Bars, dateTime, ErrorState, FormPage, Section, sentences, useLocale, useT } from '@gonghui/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Checkbox, Form, InputNumber, Select } from 'antd';
import { keys } from '../../data.ts';

type Policy = Schemas['SecurityPolicy'];
type Card = Schemas['PolicyCard'];

/** Roles that can be asked for a second factor, as the server takes them. */
const roles = ['admin', 'officer', 'supervisor', 'system_admin', 'security_admin', 'audit_admin'];

/** The figures of the policy in order: bounds of the server, and whether the stricter one is the larger. */
const figures = [
  { name: 'minLength', min: 8, max: 32, larger: true },
  { name: 'kinds', min: 2, max: 4, larger: true },
  { name: 'history', min: 0, max: 10, larger: true },
  { name: 'maxAgeDays', min: 0, max: 365, larger: false },
  { name: 'idleMinutes', min: 5, max: 720, larger: false },
  { name: 'absoluteHours', min: 1, max: 720, larger: false },
  { name: 'sessions', min: 1, max: 100, larger: false },
] as const;

type Figure = (typeof figures)[number];

const reasonField = {};

/** What the body demands of the passwords and sessions of its staff. */
export function PolicyTab() {
  const t = useT();
  const policy = useQuery({ queryKey: keys.policy, queryFn: () => take(api.GET('/v1/security-policy')) });
  if (policy.error && !policy.data) {
    return <ErrorState error={policy.error} retry={() => void policy.refetch()} />;
  }
  return (
    <Section title={t('settings.tabs.policy')} about={t('policy.about')}>
      {policy.data ? <Demands key={policy.data.version} card={policy.data} /> : <Bars rows={8} height={40} />}
    </Section>
  );
}

function Demands({ card }: { card: Card }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  // An absent message is nothing on the wire, whatever the type says.
  const floor: Policy | undefined = card.floor;
  const bound = ({ name, min, max, larger }: Figure) => {
    const least = floor?.[name] ?? 0;
    if (!floor || (name === 'maxAgeDays' && least === 0)) return { min, max, hint: '' };
    return {
      min: larger ? Math.max(min, least) : name === 'maxAgeDays' ? 1 : min,
      max: larger ? max : Math.min(max, least),
      hint: t(larger ? 'policy.atLeast' : 'policy.atMost', { n: least }),
    };
  };
  return (
    <>
      {floor && (
        <Alert
          type="info"
          showIcon
          className="policy-floor"
          title={t('policy.floor', { names: card.floorOf.join(t('policy.comma')) })}
        />
      )}
      <FormPage<Policy>
        initial={card.own}
        prefix="policy."
        reasonField={reasonField}
        submit={async (own) => {
          const body = { policy: own, version: card.version };
          client.setQueryData(keys.policy, await take(api.PUT('/v1/security-policy', { body })));
        }}
      >
        {figures.map((figure) => {
          const { min, max, hint } = bound(figure);
          return (
            <Form.Item
              key={figure.name}
              name={figure.name}
              label={t(`policy.${figure.name}`)}
              extra={sentences(locale, [t(`policy.${figure.name}Hint`), hint])}
              rules={[{ required: true, type: 'number', min, max, message: t('policy.between', { min, max }) }]}
            >
              <InputNumber precision={0} className="policy-number" suffix={t(`policy.unit.${figure.name}`)} />
            </Form.Item>
          );
        })}
        <Form.Item name="factorRoles" label={t('policy.factorRoles')} extra={t('policy.factorRolesHint')}>
          <Select
            mode="multiple"
            allowClear
            options={roles.map((value) => ({
              value,
              label: t(`policy.role.${value}`),
              disabled: floor?.factorRoles.includes(value),
            }))}
          />
        </Form.Item>
        <Form.Item name="below" valuePropName="checked" extra={t('policy.belowHint')}>
          <Checkbox>{t('policy.below')}</Checkbox>
        </Form.Item>
      </FormPage>
      {card.updatedAt && <p className="policy-since num">{t('policy.since', { at: dateTime(card.updatedAt) })}</p>}
    </>
  );
}
