import { useT } from '@gonghui/ui';

const shown = [
  { name: 'round', file: '512', className: 'icon-round' },
  { name: 'soft', file: '512', className: 'icon-soft' },
  { name: 'ios', file: '180', className: 'icon-ios' },
  { name: 'mono', file: 'mono', className: 'icon-mono' },
  { name: 'tab', file: '32', className: 'icon-tab' },
] as const;

/** The icons of the draft as phones cut them. */
export function Icons({ token, version }: { token: string; version: string }) {
  const t = useT();
  if (!token) return null;
  return (
    <ul className="design-icons" aria-label={t('branding.icons')}>
      {shown.map(({ name, file, className }) => (
        <li key={name}>
          <span className={className}>
            <img src={`/icon-${file}.png?preview=${token}&v=${version}`} alt="" />
          </span>
          {t(`branding.icon.${name}`)}
        </li>
      ))}
    </ul>
  );
}
