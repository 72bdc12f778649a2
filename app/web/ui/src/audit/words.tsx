import type { Schemas } from '@gonghui/api';
import { Badge } from '../Badge.tsx';
import { pick, useLocale, useT } from '../base/i18n.ts';

export type Act = Schemas['Act'];

/** How long a list of acts stays as it is: a search is itself recorded, so none is made without being asked for. */
export const STILL = 5 * 60_000;

/** Words for the parts of an act. */
export function useActWords() {
  const t = useT();
  const locale = useLocale();
  return {
    who: (act: Act) => (act.system ? t('audit.system') : act.who || (act.role ? '' : t('audit.stranger'))),
    role: (act: Act) => (act.role ? t(`audit.role.${act.role}`) : ''),
    act: (act: Act) => pick(locale, act.actZh, act.actEn),
    kind: (act: Act) => pick(locale, act.kindZh, act.kindEn),
    object: (act: Act) => [pick(locale, act.kindZh, act.kindEn), short(act.object)].filter(Boolean).join(' '),
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** An id is as good by its last digits; codes and names stand as they are. */
export function short(object: string): string {
  return UUID.test(object) ? `…${object.slice(-6)}` : object;
}

/** The result of an act. */
export function Result({ act }: { act: Act }) {
  const t = useT();
  return <Badge tone={act.result === 'refused' ? 'bad' : 'good'}>{t(`audit.results.${act.result}`)}</Badge>;
}
