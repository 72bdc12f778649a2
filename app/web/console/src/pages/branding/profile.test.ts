import { expect, test } from 'vitest';
import { differing, ownOf, type Profile, renamed, sent, whole } from './profile.ts';

const names = { appName: 'a', appNameEn: '', slogan: '', sloganEn: '' };
const logo = { digest: 'd', ground: '', data: 'data:x' };

test('a part that is not chosen comes from above', () => {
  const own = ownOf({ names, fixed: [] } as never);
  expect(own).toEqual({ names, fixed: [] });
  const all = whole(own, { logo, fixed: ['logo'] });
  expect([all.names, all.logo, all.theme.accent, all.fixed]).toEqual([names, logo, '#C8161D', []]);
  expect(whole({ names: undefined, fixed: [] }, { names, fixed: [] }).names).toEqual(names);
  expect(ownOf(undefined)).toEqual({ fixed: [] });
});

test('English from above does not stay beside Chinese of the body’s own', () => {
  const above = { appName: '省总工会', appNameEn: 'Province', slogan: '一', sloganEn: 'One' };
  const first = renamed(above, { appName: '县' }, above);
  expect(first).toEqual({ appName: '县', appNameEn: '', slogan: '一', sloganEn: 'One' });
  // Written by the body itself it stays, and so it does when it is that from above by choice.
  const own = renamed(first, { appNameEn: 'Province' }, above);
  expect(renamed(own, { appName: '县总工会' }, above).appNameEn).toBe('Province');
  expect(renamed(above, { slogan: '二', sloganEn: 'One' }, above)).toEqual({ ...above, slogan: '二' });
  expect(renamed(above, {}, above)).toEqual(above);
});

test('what differs is told by part', () => {
  const a: Profile = { names, logo, fixed: ['logo', 'names'] };
  expect(differing(a, { ...a, fixed: ['names', 'logo'] })).toEqual([]);
  // The picture's own text does not count: the digest names it.
  expect(differing(a, { ...a, logo: { ...logo, data: '' } })).toEqual([]);
  expect(differing(a, { fixed: [] })).toEqual(['names', 'logo', 'fixed']);
  expect(sent(a).logo).toEqual({ digest: 'd', ground: '' });
});
