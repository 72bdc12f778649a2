import { api, asApiError, take } from '@gonghui/api';
import { reasons } from '@gonghui/api/reasons';
import { Badge, DetailDrawer, dateTime, Facts, FormDrawer, useAct, useLocale, useT } from '@gonghui/ui';
import { Alert, App, Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { isProved, type Merge, mergeKeys, type Side, useMerge } from './merges.ts';

const refresh = [mergeKeys.all];

/** One case: both persons side by side, what proves that they are one, and what comes of it. */
export function MergeDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const { data: merge, error, isPending, refetch } = useMerge(id);
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      width={720}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={t('merges.case')}
      badge={
        merge && (
          <Badge tone={merge.state === 'done' ? 'good' : merge.state === 'open' ? 'note' : 'plain'}>
            {t(`merges.states.${merge.state}`)}
          </Badge>
        )
      }
      subtitle={merge && t(`merges.grounds.${merge.ground}`)}
      acts={merge && <Acts merge={merge} />}
    >
      {merge && <Body merge={merge} />}
    </DetailDrawer>
  );
}

function Body({ merge }: { merge: Merge }) {
  const t = useT();
  const locale = useLocale();
  const obstacle = merge.obstacle ? reasons[merge.obstacle]?.[locale] : undefined;
  return (
    <>
      {obstacle && <Alert type="warning" showIcon title={obstacle} />}
      {merge.state === 'done' && (
        <Alert type="info" showIcon title={t('merges.undoUntil', { date: dateTime(merge.undoUntil) })} />
      )}
      <OneSide merge={merge} side="keep" />
      <OneSide merge={merge} side="gone" />
      <h3 className="detail-section">{t('merges.course')}</h3>
      <Facts
        items={[
          { label: t('merges.reason'), value: merge.reason },
          { label: t('merges.asked'), value: dateTime(merge.askedAt) },
          { label: t('merges.doneAt'), value: merge.doneAt ? dateTime(merge.doneAt) : '' },
          { label: t('merges.undoneAt'), value: merge.undoneAt ? dateTime(merge.undoneAt) : '' },
        ]}
      />
    </>
  );
}

function OneSide({ merge, side }: { merge: Merge; side: Side }) {
  const t = useT();
  const [proving, setProving] = useState(false);
  const who = merge[side];
  if (!who) return null;
  return (
    <section aria-label={t(`merges.${side}`)}>
      <h3 className="detail-section">{t(`merges.${side}`)}</h3>
      <Facts
        items={[
          { label: t('merges.name'), value: who.name || t('merges.wiped') },
          { label: t('merges.phone'), value: <span className="num">{who.phone}</span> },
          { label: t('merges.idNumber'), value: t(who.idKnown ? 'merges.idKnown' : 'merges.idUnknown') },
          { label: t('merges.seen'), value: who.seenAt ? dateTime(who.seenAt) : '' },
          {
            label: t('merges.places'),
            value: who.places.map((p) => `${p.bodyName} · ${t(`role.${p.role}`)}`).join('\n'),
          },
          ...(merge.state === 'open' && merge.ground === 'phones'
            ? [
                {
                  label: t('merges.proof'),
                  value: who.provedAt ? (
                    t('merges.proved', { at: dateTime(who.provedAt) })
                  ) : (
                    <Button aria-label={`${t('merges.prove')} ${t(`merges.${side}`)}`} onClick={() => setProving(true)}>
                      {t('merges.prove')}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      <ProveForm merge={merge} side={proving ? side : null} close={() => setProving(false)} />
    </section>
  );
}

/** Takes the code that the holder of the phone reads out. */
function ProveForm({ merge, side, close }: { merge: Merge; side: Side | null; close: () => void }) {
  const t = useT();
  const [wait, setWait] = useState(0);
  const { id } = merge;
  useEffect(() => {
    if (wait <= 0) return;
    const tick = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(tick);
  }, [wait]);
  const send = useAct({
    run: (of: Side) => take(api.POST('/v1/merges/{id}:sendCode', { params: { path: { id } }, body: { id, side: of } })),
    said: t('merges.sent'),
    done: ({ againAfter }) => setWait(againAfter),
  });
  const prove = useAct({
    run: (body: { id: string; side: Side; code: string }) =>
      take(api.POST('/v1/merges/{id}:prove', { params: { path: { id } }, body })),
    refresh,
    said: t('merges.provedSaid'),
    quiet: true,
  });
  return (
    <FormDrawer<{ code: string }>
      open={side !== null}
      title={t('merges.prove')}
      about={t('merges.proveAbout', { phone: (side && merge[side]?.phone) ?? '' })}
      initial={{ code: '' }}
      reasonField={{ CODE_WRONG: 'code' }}
      submitText={t('merges.prove')}
      submit={({ code }) => prove.mutateAsync({ id, side: side ?? 'keep', code })}
      close={close}
    >
      <Form.Item>
        <Button disabled={wait > 0} loading={send.isPending} onClick={() => side && send.mutate(side)}>
          {wait > 0 ? t('merges.sendAgain', { n: wait }) : t('merges.send')}
        </Button>
      </Form.Item>
      <Form.Item
        name="code"
        label={t('merges.code')}
        rules={[{ required: true, pattern: /^\d{6}$/, message: t('merges.codeBad') }]}
        validateTrigger="onBlur"
      >
        <Input inputMode="numeric" maxLength={6} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  );
}

function Acts({ merge }: { merge: Merge }) {
  const t = useT();
  const { modal } = App.useApp();
  const [why, setWhy] = useState<'undo' | 'drop' | null>(null);
  const { id } = merge;
  const path = { id };
  const confirm = useAct({
    run: () => take(api.POST('/v1/merges/{id}:merge', { params: { path }, body: path })),
    refresh,
    said: t('merges.doneSaid'),
  });
  const undo = useAct({
    run: (reason: string) => take(api.POST('/v1/merges/{id}:undo', { params: { path }, body: { id, reason } })),
    refresh,
    said: t('merges.undoneSaid'),
    quiet: true,
  });
  const drop = useAct({
    run: (reason: string) => take(api.POST('/v1/merges/{id}:drop', { params: { path }, body: { id, reason } })),
    refresh,
    said: t('merges.droppedSaid'),
    quiet: true,
  });
  return (
    <>
      {merge.state === 'open' && (
        <>
          <Button
            type="primary"
            disabled={!!merge.obstacle || !isProved(merge)}
            onClick={() =>
              void modal.confirm({
                title: t('merges.confirmAsk'),
                content: t('merges.confirmHint', { keep: merge.keep?.phone ?? '', gone: merge.gone?.phone ?? '' }),
                okText: t('merges.confirm'),
                cancelText: t('act.cancel'),
                onOk: () => confirm.mutateAsync(undefined).catch(() => undefined),
              })
            }
          >
            {t('merges.confirm')}
          </Button>
          <Button onClick={() => setWhy('drop')}>{t('merges.drop')}</Button>
        </>
      )}
      {merge.state === 'done' && new Date(merge.undoUntil ?? 0) > new Date() && (
        <Button danger onClick={() => setWhy('undo')}>
          {t('merges.undo')}
        </Button>
      )}
      <FormDrawer<{ reason: string }>
        open={why !== null}
        title={t(why === 'undo' ? 'merges.undo' : 'merges.drop')}
        about={t(why === 'undo' ? 'merges.undoAbout' : 'merges.dropAbout')}
        initial={{ reason: '' }}
        submitText={t(why === 'undo' ? 'merges.undo' : 'merges.drop')}
        submit={({ reason }) => (why === 'undo' ? undo : drop).mutateAsync(reason.trim())}
        close={() => setWhy(null)}
      >
        <Form.Item
          name="reason"
          label={t('merges.reason')}
          rules={[{ required: true, whitespace: true, min: 2, message: t('merges.reasonBad') }]}
        >
          <Input.TextArea maxLength={200} showCount autoFocus autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </FormDrawer>
    </>
  );
}
