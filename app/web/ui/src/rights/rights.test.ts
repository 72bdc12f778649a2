import { expect, test } from 'vitest';
import {
  byModule,
  type Capability,
  type Choice,
  chosen,
  dayEnd,
  difference,
  placeOf,
  type Reach,
  reach,
  said,
} from './rights.ts';

const sets = [{ id: 's', bodyCodes: ['440103', '440105'] }];
const at = (below: number, part = false): Reach => ({ below, part });

test.each<[string, Partial<Parameters<typeof reach>[0]>, string, 'territorial' | 'industrial', Reach | null]>([
  ['the body itself', { kind: 'body', anchorCode: 'city' }, 'nation province city', 'territorial', at(0)],
  ['not what lies below', { kind: 'body', anchorCode: 'city' }, 'nation province city county', 'territorial', null],
  ['all below', { kind: 'subtree', anchorCode: 'nation' }, 'nation province city county', 'territorial', at(3)],
  [
    'one level below',
    { kind: 'subtree', anchorCode: 'province', depth: 1 },
    'nation province city',
    'territorial',
    at(1),
  ],
  [
    'no deeper',
    { kind: 'subtree', anchorCode: 'province', depth: 1 },
    'nation province city county',
    'territorial',
    null,
  ],
  [
    'the anchor is part of its subtree',
    { kind: 'subtree', anchorCode: 'city', depth: 1 },
    'nation city',
    'territorial',
    at(0),
  ],
  ['beside it', { kind: 'subtree', anchorCode: 'other' }, 'nation province city', 'territorial', null],
  ['above it', { kind: 'subtree', anchorCode: 'city' }, 'nation province', 'territorial', null],
  ['the other line', { kind: 'industrial', anchorCode: 'nation' }, 'nation province', 'territorial', null],
  ['the industrial line', { kind: 'industrial', anchorCode: 'nation' }, 'nation railway bureau', 'industrial', at(2)],
  [
    'a subtree is not of the industrial line',
    { kind: 'subtree', anchorCode: 'nation' },
    'nation railway',
    'industrial',
    null,
  ],
  ['without an anchor it is the own body', { kind: 'subtree', depth: 2 }, 'nation own below', 'territorial', at(1)],
  ['departments', { kind: 'department', anchorCode: 'city' }, 'city', 'territorial', at(0, true)],
  ['own records', { kind: 'own', anchorCode: 'city' }, 'city', 'territorial', at(0, true)],
  ['in a set', { kind: 'set', setId: 's' }, 'x 440103', 'territorial', at(0)],
  ['not in it', { kind: 'set', setId: 's' }, 'x 440104', 'territorial', null],
  ['a set that is gone', { kind: 'set', setId: 'gone' }, 'x 440103', 'territorial', null],
])('reach: %s', (_, scope, chain, line, want) => {
  expect(
    reach({ kind: '', anchorCode: '', depth: 0, setId: '', ...scope }, chain.split(' '), line, 'own', sets),
  ).toEqual(want);
});

test.each<[Choice, Choice | undefined, string]>([
  ['allow full', undefined, 'added'],
  ['allow full', 'deny aggregate', 'added'],
  ['allow full', 'allow masked', 'raised'],
  ['allow aggregate', 'allow masked', 'lowered'],
  ['allow masked', 'allow masked', 'same'],
  ['deny masked', 'allow full', 'denied'],
  ['deny masked', 'deny masked', 'same'],
])('%s over %s is %s', (own, inherited, want) => expect(difference(own, inherited)).toBe(want));

test('a role goes into choices and back', () => {
  const role = [
    { capability: 'b.x', level: '', effect: 'deny', inherited: false, fromRoleId: '' },
    { capability: 'a.x', level: '', effect: '', inherited: false, fromRoleId: '' },
    { capability: 'c.x', level: 'masked', effect: 'allow', inherited: true, fromRoleId: 'r' },
  ];
  expect(chosen(role, true)).toEqual({ 'c.x': 'allow masked' });
  expect(said({ ...chosen(role, false), 'd.x': '' })).toEqual([
    { capability: 'a.x', level: 'full', effect: 'allow' },
    { capability: 'b.x', level: 'aggregate', effect: 'deny' },
  ]);
});

test.each([
  ['subject.id', 'who', 'subject'],
  ['roleId', 'what', 'what'],
  ['capability', 'what', 'what'],
  ['scope', 'where', 'kind'],
  ['scope.anchorCode', 'where', 'anchorCode'],
  ['scope.departmentIds[2]', 'where', 'departmentIds'],
  ['level', 'limits', 'level'],
  ['validTo', 'limits', 'validTo'],
])('a refusal about %s belongs to step %s', (field, step, name) => expect(placeOf(field)).toEqual({ step, name }));

test('a refusal about nothing on screen has no step', () => expect(placeOf('requestId')).toBeNull());

test('capabilities stand below their module', () => {
  const c = (name: string, module: string) =>
    ({ name, module, moduleTitleZh: module, moduleTitleEn: module }) as Capability;
  expect(byModule([c('a.x', 'a'), c('b.x', 'b'), c('a.y', 'a')]).map((g) => [g.module, g.capabilities.length])).toEqual(
    [
      ['a', 2],
      ['b', 1],
    ],
  );
});

test('the last day counts', () =>
  expect(new Date(dayEnd('2026-12-31')).toISOString()).toBe('2026-12-31T15:59:59.000Z'));
