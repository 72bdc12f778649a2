import { api, take } from '@gonghui/api';
import { dateTime, useAct, useMe, useT } from '@gonghui/ui';
import { App, Button } from 'antd';

/** Stands on every page while somebody of another body helps here: whose helper it is, until when, and the way out. */
export function AssistanceBanner() {
  const t = useT();
  const { modal } = App.useApp();
  const { assistance } = useMe();
  const leave = useAct({
    run: () => take(api.POST('/v1/supervision/assistance:leave', { body: {} })),
    done: () => window.location.assign('/console/sign-in'),
    said: t('assistance.left'),
  });
  if (!assistance) return null;
  const ask = () =>
    modal.confirm({
      title: t('assistance.leaveAsk'),
      content: t('assistance.leaveHint'),
      icon: null,
      okText: t('assistance.leave'),
      onOk: () => leave.mutateAsync(undefined).catch(() => {}),
    });
  return (
    <section className="assistance" aria-label={t('assistance.label')}>
      <strong>{t('assistance.label')}</strong>
      <span className="assistance-text">
        {t('assistance.text', { home: assistance.bodyName, until: dateTime(assistance.until) })}
      </span>
      <Button size="small" onClick={ask}>
        {t('assistance.leave')}
      </Button>
    </section>
  );
}
