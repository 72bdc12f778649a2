import { api, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { Badge } from '../Badge.tsx';
import { count, dateTime } from '../base/format.ts';
import { useT } from '../base/i18n.ts';
import { CopyField } from '../CopyField.tsx';
import { DetailDrawer } from '../DetailDrawer.tsx';
import { Facts } from '../Facts.tsx';
import { Section } from '../Section.tsx';
import { factorWords } from '../security/by.ts';
import { Result, STILL, useActWords } from './words.tsx';

/** One act: what was done, and its place in the chain. */
export function ActDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const words = useActWords();
  const detail = useQuery({
    queryKey: ['audit', 'act', id],
    enabled: id !== null,
    staleTime: STILL,
    refetchOnWindowFocus: false,
    queryFn: () => take(api.GET('/v1/audit/acts/{id}', { params: { path: { id: id ?? '' } } })),
  });
  const one = detail.data;
  const act = one?.act;
  const sealed = Number(one?.seq ?? 0) > 0;
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={detail.isPending}
      error={detail.error ?? undefined}
      retry={() => void detail.refetch()}
      title={act ? words.act(act) : t('audit.title')}
      badge={act && <Result act={act} />}
      subtitle={act && dateTime(act.at)}
    >
      {one && act && (
        <>
          <Section title={t('audit.facts')}>
            <Facts
              items={[
                { label: t('audit.who'), value: words.who(act) },
                { label: t('audit.as'), value: [words.role(act), act.anchor].filter(Boolean).join(' · ') },
                {
                  label: t('audit.object'),
                  value: [words.kind(act), act.object].filter(Boolean).join(' '),
                  wide: true,
                },
                {
                  label: t('audit.reason'),
                  value: act.act === 'session.open' ? factorWords(t, act.reason) : act.reason,
                  wide: true,
                },
                { label: t('audit.changed'), value: (one.changed ?? []).join(', '), wide: true },
                { label: t('audit.source'), value: act.source },
                { label: t('audit.trail'), value: t(`audit.trails.${act.trail}`) },
                { label: t('audit.account'), value: one.accountId, wide: true },
                { label: t('audit.identity'), value: one.identityId, wide: true },
                { label: t('audit.request'), value: one.request, wide: true },
              ]}
            />
          </Section>
          <Section title={t('audit.chain')} about={t('audit.digestHint')}>
            <Facts
              items={[
                {
                  label: t('audit.seq'),
                  value: sealed ? t('audit.seqNo', { n: count(Number(one.seq)) }) : t('audit.waiting'),
                },
                {
                  label: t('audit.result'),
                  value: (
                    <Badge tone={one.intact ? 'good' : 'bad'}>{t(one.intact ? 'audit.intact' : 'audit.touched')}</Badge>
                  ),
                },
                ...(sealed ? [{ label: t('audit.sealedAt'), value: dateTime(one.sealedAt) }] : []),
                {
                  label: t('audit.hash'),
                  value: one.hash && <CopyField value={one.hash} label={t('audit.hash')} />,
                  wide: true,
                },
                {
                  label: t('audit.before'),
                  value: one.before && <code className="audit-digest">{one.before}</code>,
                  wide: true,
                },
                {
                  label: t('audit.after'),
                  value: one.after && <code className="audit-digest">{one.after}</code>,
                  wide: true,
                },
              ]}
            />
          </Section>
        </>
      )}
    </DetailDrawer>
  );
}
