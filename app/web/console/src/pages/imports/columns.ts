import type { Schemas } from '@gonghui/api';

export type ImportColumn = Schemas['ImportColumn'];

/** The fields that a column can stand for, in the order of the form; names as in MemberFields. */
export const fields = [
  'name',
  'idKind',
  'idNumber',
  'phone',
  'sex',
  'birth',
  'nation',
  'education',
  'politicalStatus',
  'employer',
  'job',
  'employment',
  'migrant',
  'address',
  'joinedOn',
] as const;

/** Without these no row can be a member. */
export const required: readonly string[] = ['name', 'idNumber'];

/** Which field each column stands for, by the column's index; empty leaves it out. */
export type Choice = Record<number, string>;

/** What the platform proposes. */
export function proposed(columns: readonly ImportColumn[]): Choice {
  return Object.fromEntries(columns.map((column) => [column.index, column.field]));
}

/** The required fields that no column stands for. */
export function missing(choice: Choice): string[] {
  const taken = new Set(Object.values(choice));
  return required.filter((field) => !taken.has(field));
}

/** The fields that more than one column stands for. */
export function twice(choice: Choice): Set<string> {
  const seen = new Set<string>();
  const double = new Set<string>();
  for (const field of Object.values(choice)) {
    if (field && seen.has(field)) double.add(field);
    seen.add(field);
  }
  return double;
}

/** The columns in the order in which a person should look: unsure ones with data first, then as in the file. */
export function forEyes(columns: readonly ImportColumn[]): ImportColumn[] {
  const doubtful = (column: ImportColumn) => (column.sure ? 1 : 0);
  return [...columns].sort((a, b) => doubtful(a) - doubtful(b) || a.index - b.index);
}

/** The letters of a column as a spreadsheet writes them: 0 is A, 26 is AA. */
export function letters(index: number): string {
  let out = '';
  for (let n = index; n >= 0; n = Math.floor(n / 26) - 1) out = String.fromCharCode(65 + (n % 26)) + out;
  return out;
}
