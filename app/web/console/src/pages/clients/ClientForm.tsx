import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Checkbox, Form, Input, Radio } from 'antd';
import { type Client, clientKeys, lines, scopes } from './clients.ts';

interface Values {
  name: string;
  kind: string;
  own: boolean;
  redirectUris: string;
  postLogoutRedirectUris: string;
  backchannelLogoutUri: string;
  homepage: string;
  scopes: string[];
}

interface Props {
  /** The application to change; null inside for a new one. */
  target: { client: Client | null } | null;
  close: () => void;
  made?: (client: Client) => void;
}

const kinds = ['confidential', 'public'];

export function ClientForm({ target, close, made }: Props) {
  const t = useT();
  const old = target?.client ?? null;
  const save = useAct({
    run: ({ redirectUris, postLogoutRedirectUris, kind, own, ...values }: Values, key) => {
      const body = {
        ...values,
        redirectUris: lines(redirectUris),
        postLogoutRedirectUris: lines(postLogoutRedirectUris),
      };
      return old
        ? take(api.PUT('/v1/oidc/clients/{id}', { params: { path: { id: old.id } }, body: { ...body, id: old.id } }))
        : take(api.POST('/v1/oidc/clients', { body: { ...body, kind, own }, headers: keyed(key) }));
    },
    refresh: [clientKeys.list],
    done: (client) => {
      if (!old) made?.(client);
    },
    quiet: true,
  });
  const [form] = Form.useForm<Values>();
  const acts = (Form.useWatch('scopes', form) ?? []).includes('api');
  const open = Form.useWatch('kind', form) === 'public';
  const needed = (label: string) => [{ required: true, whitespace: true, message: t('clients.needed', { label }) }];
  return (
    <FormDrawer<Values>
      form={form}
      open={target !== null}
      title={old ? t('clients.editTitle', { name: old.name }) : t('clients.add')}
      about={old ? undefined : t('clients.addAbout')}
      initial={
        old
          ? {
              name: old.name,
              kind: old.kind,
              own: old.own,
              redirectUris: old.redirectUris.join('\n'),
              postLogoutRedirectUris: old.postLogoutRedirectUris.join('\n'),
              backchannelLogoutUri: old.backchannelLogoutUri,
              homepage: old.homepage,
              scopes: old.scopes.filter((scope) => scopes.includes(scope)),
            }
          : {
              name: '',
              kind: 'confidential',
              own: false,
              redirectUris: '',
              postLogoutRedirectUris: '',
              backchannelLogoutUri: '',
              homepage: '',
              scopes: ['profile'],
            }
      }
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="name" label={t('clients.name')} extra={t('clients.nameHint')} rules={needed(t('clients.name'))}>
        <Input maxLength={60} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label={t('clients.kind')} hidden={!!old}>
        <Radio.Group className="choices">
          {kinds.map((kind) => (
            <Radio key={kind} value={kind}>
              <span className="choice">
                {t(`clients.kinds.${kind}`)}
                <span className="row-sub">{t(`clients.kindHint.${kind}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item name="own" valuePropName="checked" hidden={!!old}>
        <Checkbox>
          <span className="choice">
            {t('clients.own')}
            <span className="row-sub">{t('clients.ownHint')}</span>
          </span>
        </Checkbox>
      </Form.Item>
      <Form.Item
        name="redirectUris"
        label={t('clients.redirects')}
        extra={t('clients.redirectsHint')}
        rules={acts ? [] : needed(t('clients.redirects'))}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} spellCheck={false} />
      </Form.Item>
      <Form.Item name="scopes" label={t('clients.scopes')}>
        <Checkbox.Group className="choices">
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} disabled={scope === 'api' && open}>
              <span className="choice">
                {t(`clients.scope.${scope}`)}
                <span className="row-sub">{t(`clients.scopeHint.${scope}`)}</span>
              </span>
            </Checkbox>
          ))}
        </Checkbox.Group>
      </Form.Item>
      <Form.Item name="postLogoutRedirectUris" label={t('clients.returns')} extra={t('clients.returnsHint')}>
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} spellCheck={false} />
      </Form.Item>
      <Form.Item name="backchannelLogoutUri" label={t('clients.notice')} extra={t('clients.noticeHint')}>
        <Input maxLength={300} inputMode="url" autoComplete="off" />
      </Form.Item>
      <Form.Item name="homepage" label={t('clients.homepage')}>
        <Input maxLength={300} inputMode="url" autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  );
}
