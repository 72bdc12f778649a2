import { api, take } from '@gonghui/api';
import { Bars, DateInput, ErrorState, Facts, FormPage, Section, useCan, useT } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { keys, useOwnBody, useProfile } from '../../data.ts';

interface Values {
  shortName: string;
  nameEn: string;
  address: string;
  postcode: string;
  phone: string;
  about: string;
  termStart: string;
  termEnd: string;
}

/** What the directory says of the body, and what the body says of itself. */
export function ProfileTab() {
  return (
    <div className="two-columns">
      <PublicInformation />
      <Registration />
    </div>
  );
}

function PublicInformation() {
  const t = useT();
  const client = useQueryClient();
  const writable = useCan()('org.write');
  const profile = useProfile();
  if (profile.error && !profile.data) {
    return <ErrorState error={profile.error} retry={() => void profile.refetch()} />;
  }
  const data = profile.data;
  return (
    <Section title={t('org.profile.title')} about={writable ? undefined : t('org.readOnly')}>
      {!data ? (
        <div style={{ height: 640 }}>
          <Bars rows={8} height={36} />
        </div>
      ) : (
        <FormPage<Values>
          // A newer version from the server starts the form anew.
          key={data.version}
          initial={data}
          prefix="profile."
          disabled={!writable}
          submit={async (values) => {
            const next = await take(
              api.PUT('/v1/profile', { body: { profile: { ...values, version: data.version } } }),
            );
            client.setQueryData(keys.profile, next);
          }}
        >
          <Form.Item name="shortName" label={t('org.profile.shortName')}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="nameEn" label={t('org.profile.nameEn')}>
            <Input maxLength={160} />
          </Form.Item>
          <Form.Item name="address" label={t('org.profile.address')}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
          <div className="form-pair">
            <Form.Item
              name="postcode"
              label={t('org.profile.postcode')}
              rules={[{ pattern: /^[0-9]{6}$/, message: t('org.profile.postcodeBad') }]}
              validateTrigger="onBlur"
            >
              <Input inputMode="numeric" maxLength={6} />
            </Form.Item>
            <Form.Item name="phone" label={t('org.profile.phone')}>
              <Input inputMode="tel" maxLength={30} />
            </Form.Item>
            <Form.Item name="termStart" label={t('org.profile.termStart')}>
              <DateInput />
            </Form.Item>
            <Form.Item name="termEnd" label={t('org.profile.termEnd')}>
              <DateInput />
            </Form.Item>
          </div>
          <Form.Item name="about" label={t('org.profile.about')}>
            <Input.TextArea maxLength={500} showCount autoSize={{ minRows: 3, maxRows: 8 }} />
          </Form.Item>
        </FormPage>
      )}
    </Section>
  );
}

function Registration() {
  const t = useT();
  const own = useOwnBody();
  if (own.error && !own.data) return <ErrorState error={own.error} retry={() => void own.refetch()} />;
  const body = own.data?.body;
  return (
    <Section title={t('org.profile.facts')} about={t('org.profile.factsAbout')}>
      {!body ? (
        <Bars rows={5} height={36} />
      ) : (
        <Facts
          items={[
            { label: t('org.name'), value: body.name, wide: true },
            { label: t('org.level'), value: t(`org.levels.${body.level}`) },
            { label: t('org.kind'), value: t(`org.kinds.${body.kind}`) },
            { label: t('org.code'), value: body.code },
            { label: t('org.divisionCode'), value: body.divisionCode },
            { label: t('org.creditCode'), value: body.creditCode, wide: true },
            { label: t('org.founded'), value: body.foundedOn },
            { label: t('org.primaryLine'), value: t(`org.lines.${body.primaryLine}`) },
          ]}
        />
      )}
    </Section>
  );
}
