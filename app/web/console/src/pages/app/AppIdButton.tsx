import { api, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';
import type { BodyApp } from './app.ts';

/** Asks for the AppID that WeChat has given the body's mini-program. */
export function AppIdButton({ app }: { app: BodyApp }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const save = useAct({
    run: (body: { wechatAppId: string }) => take(api.PATCH('/v1/app', { body })),
    refresh: [keys.app],
    said: t('form.saved'),
    quiet: true,
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        {t(app.wechatAppId ? 'ownApp.appId.change' : 'ownApp.appId.enter')}
      </Button>
      <FormDrawer<{ wechatAppId: string }>
        open={asking}
        title={t('ownApp.appId.title')}
        about={t('ownApp.appId.about')}
        initial={{ wechatAppId: app.wechatAppId }}
        submit={({ wechatAppId }) => save.mutateAsync({ wechatAppId: wechatAppId.trim() })}
        close={() => setAsking(false)}
      >
        <Form.Item
          name="wechatAppId"
          label={t('ownApp.appId.label')}
          rules={[{ pattern: /^\s*(wx[0-9a-f]{16})?\s*$/, message: t('ownApp.appId.bad') }]}
          validateTrigger="onBlur"
        >
          <Input maxLength={20} autoComplete="off" spellCheck={false} placeholder="wx0123456789abcdef" />
        </Form.Item>
      </FormDrawer>
    </>
  );
}
