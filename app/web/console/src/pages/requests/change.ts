import type { useT } from '@gonghui/ui';

/** Fields whose values are codes, and the list that has the words. */
const lists: Record<string, string> = {
  idKind: 'idKind',
  sex: 'sex',
  nation: 'nation',
  education: 'education',
  politicalStatus: 'politics',
  employment: 'employment',
};

/** A value of a file in words: codes by their lists, yes and no, and the rest as it is. Empty stays empty. */
export function inWords(field: string, value: string, t: ReturnType<typeof useT>): string {
  if (field === 'migrant') return t(value === 'true' ? 'requests.yes' : 'requests.no2');
  const list = lists[field];
  return list && value ? t(`code.${list}.${value}`, { defaultValue: value }) : value;
}
