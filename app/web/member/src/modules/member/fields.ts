import type { Schemas } from '@gonghui/api';
import { addTexts, date, type T } from '@gonghui/ui/base';
import { codeTexts } from '@gonghui/ui/codes';

addTexts(codeTexts);

export type Fields = Schemas['MemberFields'];
export type FieldName = keyof Fields;

/** The list of codes behind a field. */
export const codesIn = {
  idKind: 'idKind',
  sex: 'sex',
  nation: 'nation',
  education: 'education',
  politicalStatus: 'politics',
  employment: 'employment',
} as const;

export const isCoded = (name: FieldName | string): name is keyof typeof codesIn => name in codesIn;

/** The value of a field in words; empty when there is none. */
export function worded(t: T, name: FieldName | string, value: string | boolean): string {
  if (name === 'migrant') return t(value === true || value === 'true' ? 'member.yes' : 'member.no');
  if (typeof value !== 'string' || !value) return '';
  if (isCoded(name)) return t(`code.${codesIn[name]}.${value}`);
  return name === 'birth' || name === 'joinedOn' ? date(value) : value;
}

/** The facts of the file in groups, as a person looks for them. */
export const groups = {
  person: ['name', 'idKind', 'idNumber', 'phone', 'sex', 'birth', 'nation', 'education', 'politicalStatus', 'address'],
  work: ['employer', 'job', 'employment', 'migrant'],
  membership: ['joinedOn'],
} as const satisfies Record<string, readonly FieldName[]>;
