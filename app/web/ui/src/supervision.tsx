import type { Schemas } from '@gonghui/api';
import { Badge, type Tone } from './Badge.tsx';
import { dateTime } from './base/format.ts';
import { useT } from './base/i18n.ts';
import { Facts } from './Facts.tsx';
import en from './i18n/supervision.en.ts';
import zh from './i18n/supervision.zh.ts';

/** What an upper body asks of a lower one. */
export type SupervisionRequest = Schemas['SupervisionRequest'];

/** The words of supervision, under `supervision.` Spread them into an app's messages. */
export const supervisionTexts = { zh, en };

/** The purposes that can be named. */
export const purposeKinds = Object.keys(zh.supervision.purposeKinds);

const tones: Record<string, Tone> = { open: 'warn', running: 'good', refused: 'plain', ended: 'plain' };

type T = ReturnType<typeof useT>;

/** A length of time in the largest unit that leaves no rest. */
export function lasting(minutes: number, t: T): string {
  if (minutes % 1440 === 0) return t('supervision.days', { count: minutes / 1440 });
  if (minutes % 60 === 0) return t('supervision.hours', { count: minutes / 60 });
  return t('supervision.minutesLong', { count: minutes });
}

/** The state of a request in a word. */
export function SupervisionState({ state }: { state: string }) {
  const t = useT();
  return <Badge tone={tones[state] ?? 'plain'}>{t(`supervision.states.${state}`)}</Badge>;
}

/** What is asked for, by whom, of whom, and what became of it. */
export function SupervisionFacts({ request: r }: { request: SupervisionRequest }) {
  const t = useT();
  const facts = [
    { label: t('supervision.asker'), value: r.askerName },
    { label: t('supervision.person'), value: r.person },
    { label: t('supervision.body'), value: r.bodyName },
    {
      label: t('supervision.what'),
      value: r.kind === 'assist' ? t(`supervision.role.${r.role}`) : t(`supervision.capability.${r.capability}`),
    },
    { label: t('supervision.purposeKind'), value: t(`supervision.purposeKinds.${r.purposeKind}`) },
    { label: t('supervision.minutes'), value: lasting(r.minutes, t) },
    { label: t('supervision.purpose'), value: r.purpose, wide: true },
    { label: t('supervision.createdAt'), value: dateTime(r.createdAt) },
  ];
  if (r.decidedAt) {
    facts.push(
      {
        label: t('supervision.decidedBy'),
        value: r.byRule ? t('supervision.byRule', { name: r.decidedBy }) : r.decidedBy,
      },
      { label: t('supervision.decidedAt'), value: dateTime(r.decidedAt) },
    );
  }
  if (r.validTo) facts.push({ label: t('supervision.validTo'), value: dateTime(r.validTo) });
  if (r.endedAt) {
    facts.push(
      { label: t('supervision.endedBy'), value: r.endedBy },
      { label: t('supervision.endedAt'), value: dateTime(r.endedAt) },
    );
  }
  if (r.reason) facts.push({ label: t('supervision.reason'), value: r.reason, wide: true });
  if (r.kind === 'details') facts.push({ label: t('supervision.accesses'), value: r.accesses });
  return <Facts items={facts} />;
}
