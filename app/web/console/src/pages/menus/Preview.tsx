import { ExportOutlined } from '@ant-design/icons';
import { EmptyState, pick, Section, useLocale, useT } from '@gonghui/ui';
import { iconOf } from '../../menu.tsx';
import { type MenuItem, type Place, seen } from './draft.ts';

/** What whoever has the role will see once this is saved. */
export function Preview({ place, items }: { place: Place; items: MenuItem[] }) {
  const t = useT();
  const locale = useLocale();
  const shown = seen(items);
  const name = (item: MenuItem) => pick(locale, item.titleZh, item.titleEn || item.titleZh);
  const inside = (item: MenuItem) => items.some((g) => g.key === item.group);
  return (
    <Section title={t('menus.preview')} about={t('menus.previewAbout')}>
      {shown.length === 0 ? (
        <EmptyState title={t('menus.previewEmpty')} />
      ) : (
        <ul className={place === 'console' ? 'menu-preview' : 'menu-preview menu-preview-columns'}>
          {shown.map((item) => (
            <li
              key={item.key}
              className={item.kind === 'group' ? 'menu-preview-group' : inside(item) ? 'menu-preview-in' : ''}
            >
              {item.kind === 'link' ? <ExportOutlined aria-hidden /> : item.kind === 'page' && iconOf(item.icon)}
              <span>{name(item) || t('menus.untitled')}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
