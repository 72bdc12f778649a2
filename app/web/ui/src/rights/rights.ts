import type { Full, Schemas } from '@gonghui/api';
import type { Grant } from '../index.ts';

export type Capability = Full<Schemas['Capability']>;
export type Role = Full<Schemas['Role']>;
export type RoleCapability = Full<Schemas['RoleCapability']>;
export type Subject = Full<Schemas['Subject']>;
export type BodySet = Full<Schemas['BodySet']>;
export type Group = Full<Schemas['Group']>;

export const levels = ['aggregate', 'masked', 'full'] as const;
export const scopes = ['body', 'subtree', 'industrial', 'set', 'department', 'own', 'self'] as const;

export interface ModuleRights {
  module: string;
  titleZh: string;
  titleEn: string;
  capabilities: Capability[];
}

/** The capabilities by the module that declares them, in the order of the server. */
export function byModule(all: Capability[]): ModuleRights[] {
  const groups: ModuleRights[] = [];
  for (const c of all) {
    let group = groups.find((g) => g.module === c.module);
    if (!group) {
      group = { module: c.module, titleZh: c.moduleTitleZh, titleEn: c.moduleTitleEn, capabilities: [] };
      groups.push(group);
    }
    group.capabilities.push(c);
  }
  return groups;
}

/** What a role says of a capability, as one choice: "" for nothing of its own. */
export type Choice = '' | `${'allow' | 'deny'} ${(typeof levels)[number]}`;

export const choices: Choice[] = [
  '',
  'allow full',
  'allow masked',
  'allow aggregate',
  'deny aggregate',
  'deny masked',
  'deny full',
];

/** The choices of a role, by capability. Without a level an allow is up to full, a deny from aggregate. */
export function chosen(capabilities: RoleCapability[], inherited: boolean): Record<string, Choice> {
  const out: Record<string, Choice> = {};
  for (const c of capabilities) {
    if (c.inherited !== inherited) continue;
    const effect = c.effect === 'deny' ? 'deny' : 'allow';
    out[c.capability] = `${effect} ${c.level || (effect === 'deny' ? 'aggregate' : 'full')}` as Choice;
  }
  return out;
}

/** What is sent of choices: only what is said, in a steady order. */
export function said(
  values: Record<string, Choice | undefined>,
): { capability: string; level: string; effect: string }[] {
  return Object.entries(values)
    .filter(([, choice]) => choice)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([capability, choice]) => {
      const [effect = '', level = ''] = (choice ?? '').split(' ');
      return { capability, level, effect };
    });
}

export type Difference = 'added' | 'raised' | 'lowered' | 'denied' | 'same';

const height = (choice: string) => levels.indexOf(choice.split(' ')[1] as (typeof levels)[number]);

/** How what a role says itself differs from what it inherits. */
export function difference(own: Choice, inherited: Choice | undefined): Difference {
  if (own.startsWith('deny')) return own === inherited ? 'same' : 'denied';
  if (!inherited || inherited.startsWith('deny')) return 'added';
  const by = height(own) - height(inherited);
  return by > 0 ? 'raised' : by < 0 ? 'lowered' : 'same';
}

/** A body on the way down to another: from the top of the line to the body itself. */
export type Chain = string[];

export interface Reach {
  /** Levels below the anchor; 0 at it. */
  below: number;
  /** Only a part of the body: departments, own records. */
  part: boolean;
}

type Scope = Grant['scope'];

/**
 * Whether a scope reaches the last body of a chain on a line, and how far below its anchor that is. A scope without an anchor
 * begins at the own body. Sets are looked up by id.
 */
export function reach(
  scope: Pick<Scope, 'kind' | 'anchorCode' | 'depth' | 'setId'>,
  chain: Chain,
  line: 'territorial' | 'industrial',
  own: string,
  sets: Pick<BodySet, 'id' | 'bodyCodes'>[],
): Reach | null {
  const body = chain[chain.length - 1] ?? '';
  if (scope.kind === 'set') {
    return sets.some((s) => s.id === scope.setId && s.bodyCodes.includes(body)) ? { below: 0, part: false } : null;
  }
  const at = chain.lastIndexOf(scope.anchorCode || own);
  if (at < 0) return null;
  const below = chain.length - 1 - at;
  const deep =
    (scope.kind === 'subtree' && line === 'territorial') || (scope.kind === 'industrial' && line === 'industrial');
  if (below > 0 && (!deep || (scope.depth > 0 && below > scope.depth))) return null;
  return { below, part: ['department', 'own', 'self'].includes(scope.kind) };
}

/** The steps of giving a right, and the fields of each. */
export const steps = ['who', 'what', 'where', 'limits', 'review'] as const;
export type Step = (typeof steps)[number];

export const fields: Record<Exclude<Step, 'review'>, string[]> = {
  who: ['subjectKind', 'subject'],
  what: ['what', 'effect'],
  where: ['kind', 'anchorCode', 'depth', 'departmentIds', 'setId'],
  limits: ['level', 'mode', 'validFrom', 'validTo', 'purpose'],
};

/** The step and the field of the form that a refusal of the server is about. */
export function placeOf(field: string): { step: Step; name: string } | null {
  const name = field.startsWith('subject')
    ? 'subject'
    : field === 'roleId' || field === 'capability'
      ? 'what'
      : field === 'scope'
        ? 'kind'
        : field.replace(/^scope\./, '').replace(/\[.*$/, '');
  const step = (Object.keys(fields) as Exclude<Step, 'review'>[]).find((s) => fields[s].includes(name));
  return step ? { step, name } : null;
}

/** The first moment of a day in China, the last second of one. */
export const dayStart = (day: string) => `${day}T00:00:00+08:00`;
export const dayEnd = (day: string) => `${day}T23:59:59+08:00`;
