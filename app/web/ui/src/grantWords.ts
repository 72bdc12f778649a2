import type { Full, Schemas } from '@gonghui/api';
import { dateTime } from './base/format.ts';
import { pick, type T } from './base/i18n.ts';

export type Grant = Full<Schemas['Grant']>;
type Scope = Grant['scope'];

/** What is given: the role by its title, or the capability by its own. */
export function whatWords(grant: Grant, locale: 'zh' | 'en', titles: (capability: string) => string): string {
  return grant.capability ? titles(grant.capability) : pick(locale, grant.roleTitleZh, grant.roleTitleEn);
}

/** Where it reaches: "the body and 2 levels below". here stands for the body of the host. */
export function whereWords(scope: Scope, t: T, here: string): string {
  const at = scope.anchorName || here;
  if (scope.kind === 'set') return t('grant.where.set', { name: scope.setName });
  if (scope.kind === 'department') return t('grant.where.department', { at, count: scope.departmentIds.length });
  if ((scope.kind === 'subtree' || scope.kind === 'industrial') && scope.depth > 0) {
    return t(`grant.where.${scope.kind}Depth`, { at, count: scope.depth });
  }
  return t(`grant.where.${scope.kind}`, { at });
}

/** From when to when. */
export function whenWords(grant: Pick<Grant, 'validFrom' | 'validTo'>, t: T): string {
  const from = dateTime(grant.validFrom);
  return grant.validTo ? t('grant.when.span', { from, to: dateTime(grant.validTo) }) : t('grant.when.open', { from });
}
