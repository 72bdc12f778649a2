import { api, keyed, take } from '@gonghui/api';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import {
  Badge,
  DetailDrawer,
  dateTime,
  EmptyState,
  Facts,
  FormDrawer,
  type Grant,
  useAct,
  useCan,
  useLocale,
  useMe,
  useT,
  whatWords,
  whenWords,
  whereWords,
} from '../index.ts';
import { keys } from './data.ts';
import { grantTones } from './GrantsTab.tsx';
import { useCapabilityTitle } from './queries.ts';
import { useSeat } from './seat.ts';

interface Props {
  grant: Grant | null;
  /** The address names one that is not among those listed. */
  missing: boolean;
  close: () => void;
}

/** One grant: all of it, who gave it, and its end. */
export function GrantDrawer({ grant, missing, close }: Props) {
  const t = useT();
  const locale = useLocale();
  const { bodyName } = useMe().place;
  const title = useCapabilityTitle();
  const can = useCan();
  const { above } = useSeat();
  const [ending, setEnding] = useState(false);
  const end = useAct({
    run: ({ reason }: { reason: string }, key) =>
      take(
        api.POST('/v1/access/grants/{id}:end', {
          params: { path: { id: grant?.id ?? '' } },
          body: { id: grant?.id ?? '', reason },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.grants, keys.roles],
    said: t('grants.endDone'),
    quiet: true,
  });
  const over = grant?.state === 'past' || grant?.state === 'ended';
  return (
    <DetailDrawer
      open={grant !== null || missing}
      close={close}
      title={grant ? grant.subject.name || t('grants.unknown') : t('grants.one')}
      badge={grant && <Badge tone={grantTones[grant.state] ?? 'plain'}>{t(`grants.states.${grant.state}`)}</Badge>}
      subtitle={grant && t(`grants.kinds.${grant.subject.kind}`)}
      acts={
        grant?.own &&
        !above &&
        !over &&
        can('access.grant') && (
          <Button danger onClick={() => setEnding(true)}>
            {t('grants.end')}
          </Button>
        )
      }
    >
      {missing && <EmptyState title={t('grants.gone')} why={t('grants.goneWhy')} />}
      {grant && (
        <>
          <Facts
            items={[
              {
                label: t(grant.effect === 'deny' ? 'grants.denied' : 'grants.given'),
                value: grant.roleId ? (
                  <Link to={`/access/roles/${grant.roleId}`}>{whatWords(grant, locale, title)}</Link>
                ) : (
                  whatWords(grant, locale, title)
                ),
              },
              { label: t('grants.level'), value: t(`level.${grant.level}`) },
              { label: t('grants.where'), value: whereWords(grant.scope, t, bodyName), wide: true },
              { label: t('grants.modeTitle'), value: t(`grants.mode.${grant.mode}`) },
              { label: t('grants.when'), value: whenWords(grant, t) },
              { label: t('grants.purpose'), value: grant.purpose, wide: true },
              { label: t('grants.by'), value: grant.grantedBy },
              { label: t('grants.at'), value: dateTime(grant.grantedAt) },
              ...(grant.endedAt
                ? [
                    { label: t('grants.endedBy'), value: grant.endedBy },
                    { label: t('grants.endedAt'), value: dateTime(grant.endedAt) },
                  ]
                : []),
            ]}
          />
          {!grant.own && <p className="quiet">{t('grants.notOwn')}</p>}
          <FormDrawer<{ reason: string }>
            open={ending}
            title={t('grants.endTitle', { name: grant.subject.name || t('grants.unknown') })}
            about={t('grants.endAbout')}
            initial={{ reason: '' }}
            submitText={t('grants.end')}
            submit={(values) => end.mutateAsync(values)}
            close={() => setEnding(false)}
          >
            <Form.Item
              name="reason"
              label={t('grants.endReason')}
              rules={[
                { required: true, whitespace: true, message: t('form.required', { label: t('grants.endReason') }) },
              ]}
            >
              <Input.TextArea maxLength={200} autoSize={{ minRows: 2, maxRows: 5 }} autoFocus />
            </Form.Item>
          </FormDrawer>
        </>
      )}
    </DetailDrawer>
  );
}
