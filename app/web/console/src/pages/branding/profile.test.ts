import { expect, test } from 'vitest';
import { differing, ownOf, type Profile, sent, whole } from './profile.ts';

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

test('what differs is told by part', () => {
  const a: Profile = { names, logo, fixed: ['logo', 'names'] };
  expect(differing(a, { ...a, fixed: ['names', 'logo'] })).toEqual([]);
  // The picture's own text does not count: the digest names it.
  expect(differing(a, { ...a, logo: { ...logo, data: '' } })).toEqual([]);
  expect(differing(a, { fixed: [] })).toEqual(['names', 'logo', 'fixed']);
  expect(sent(a).logo).toEqual({ digest: 'd', ground: '' });
});
