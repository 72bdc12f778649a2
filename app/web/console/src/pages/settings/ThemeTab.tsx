import { api, take } from '@gonghui/api';
import { FormPage, Section, themeKey, useT, useTheme } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { AccentInput } from './AccentInput.tsx';
import { LogoInput } from './LogoInput.tsx';
import { ThemePreview } from './ThemePreview.tsx';

interface Values {
  appName: string;
  accent: string;
  logo: string;
}

const reasonField = { LOGO_INVALID: 'logo' };

/** Name, colour and logo of the body: they reach every page and the member app. */
export function ThemeTab() {
  const t = useT();
  const theme = useTheme();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const accent = Form.useWatch('accent', form) ?? theme.accent;
  return (
    <Section>
      <FormPage<Values>
        form={form}
        initial={{ appName: theme.appName, accent: theme.accent, logo: theme.logo }}
        reasonField={reasonField}
        said={t('theme.saved')}
        submit={async (body) => client.setQueryData(themeKey, await take(api.PUT('/v1/theme', { body })))}
      >
        <Form.Item name="appName" label={t('theme.appName')} extra={t('theme.appNameHint')}>
          <Input maxLength={20} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="accent"
          label={t('theme.accent')}
          extra={t('theme.accentHint')}
          rules={[{ required: true, pattern: /^#[0-9A-Fa-f]{6}$/, message: t('theme.accentBad') }]}
        >
          <AccentInput />
        </Form.Item>
        <ThemePreview accent={accent} />
        <Form.Item name="logo" label={t('theme.logo')} extra={t('theme.logoHint')}>
          <LogoInput />
        </Form.Item>
      </FormPage>
    </Section>
  );
}
