import { grouped, type MenuItem, own } from '../menus/draft.ts';

/** What a draft says of an item: the rest the menus tell. */
type Wanted = Pick<MenuItem, 'key' | 'kind' | 'titleZh' | 'titleEn' | 'hidden' | 'group' | 'url' | 'locked'>;

/**
 * The items of a draft with what the menus tell of them. What the draft does not know yet, a block of a module that was switched
 * on meanwhile, stands at the end.
 */
export function drafted(now: MenuItem[], wanted: Wanted[]): MenuItem[] {
  const items = wanted.map(({ key, kind, titleZh, titleEn, hidden, group, url, locked }) => {
    const base = now.find((one) => one.key === key) ?? own(kind === 'group' ? 'group' : 'link', () => '');
    return {
      ...base,
      key,
      kind,
      titleZh: titleZh || base.titleZh,
      titleEn: titleEn || base.titleEn,
      hidden,
      group,
      url,
      locked,
    };
  });
  return grouped([...items, ...now.filter((one) => !wanted.some(({ key }) => key === one.key))]);
}
