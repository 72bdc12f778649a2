import { api, keyed, type Schemas, take } from '@gonghui/api';
import { FormPage, Looks, Mark, meKey, SignInSteps, useAct, useT, useTheme } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { again } from '../../again.ts';

interface Values {
  password: string;
  again: string;
}

const reasonField = { PASSWORD_WEAK: 'password' };

/** Where an invitation's link leads: set a password, and one is in. */
export function InvitationPage() {
  const t = useT();
  const theme = useTheme();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useAct({
    run: (password: string, key) =>
      take(api.POST('/v1/invitations:accept', { body: { token, password }, headers: keyed(key) })),
    done: (reply) => (reply.me ? enter(reply.me) : setSteps(reply)),
    quiet: true,
  });
  const [steps, setSteps] = useState<Schemas['SignInReply'] | null>(null);
  const enter = (me: Schemas['Me']) => {
    client.setQueryData(meKey, me);
    setTimeout(() => void navigate('/', { replace: true }));
  };
  return (
    <div className="sign-in">
      <div className="sign-in-looks">
        <Looks />
      </div>
      <main className="sign-in-box">
        <div className="sign-in-brand">
          <Mark size={44} />
          <div>
            <h1>{theme.bodyName || t('product')}</h1>
            <p>{token ? t('invitation.acceptTitle') : t('invitation.broken')}</p>
          </div>
        </div>
        {steps && <SignInSteps reply={steps} done={enter} again={() => void navigate('/sign-in')} />}
        {!steps && <p className="form-about">{token ? t('invitation.acceptAbout') : t('invitation.brokenWhy')}</p>}
        {token && !steps && (
          <FormPage<Values>
            initial={{ password: '', again: '' }}
            reasonField={reasonField}
            submitText={t('invitation.accept')}
            said={false}
            submit={({ password }) => accept.mutateAsync(password)}
          >
            <Form.Item
              name="password"
              label={t('invitation.password')}
              extra={t('invitation.passwordHint')}
              validateTrigger="onBlur"
              rules={[{ required: true, min: 8, message: t('invitation.short') }]}
            >
              <Input.Password autoComplete="new-password" maxLength={128} autoFocus />
            </Form.Item>
            <Form.Item
              name="again"
              label={t('invitation.again')}
              dependencies={['password']}
              validateTrigger="onBlur"
              rules={[again('password', t('invitation.differ'))]}
            >
              <Input.Password autoComplete="new-password" maxLength={128} />
            </Form.Item>
          </FormPage>
        )}
        {!steps && (
          <p className="sign-in-other">
            <Link to="/sign-in">{t('invitation.toSignIn')}</Link>
          </p>
        )}
      </main>
    </div>
  );
}
