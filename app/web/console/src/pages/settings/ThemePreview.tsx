import { contrast, mend, useT } from '@gonghui/ui';

const LIGHT = '#FFFFFF';
const DARK = '#1E1D1A';

/** How the colour will look on buttons and in links, light and dark, after mending for contrast. */
export function ThemePreview({ accent }: { accent: string }) {
  const t = useT();
  if (!/^#[0-9A-Fa-f]{6}$/.test(accent)) return null;
  const solid = mend(accent, LIGHT, '#000000');
  const grounds = [
    { key: 'light', ground: LIGHT, text: mend(accent, LIGHT, '#000000'), ink: '#22201D' },
    { key: 'dark', ground: DARK, text: mend(accent, DARK, '#FFFFFF'), ink: '#ECE9E4' },
  ];
  return (
    <section className="preview" aria-label={t('theme.preview')}>
      <div className="preview-panes">
        {grounds.map(({ key, ground, text, ink }) => (
          <div key={key} className="preview-pane" style={{ background: ground, color: ink }}>
            <span>{t(`theme.${key}`)}</span>
            <span className="preview-button" style={{ background: solid }}>
              {t('theme.button')}
            </span>
            <span style={{ color: text }}>{t('theme.link')}</span>
          </div>
        ))}
      </div>
      <p className="quiet num">
        {t('theme.ratio', { ratio: contrast(solid, LIGHT).toFixed(1) })}
        {solid.toUpperCase() !== accent.toUpperCase() &&
          ` · ${t('theme.mended', { from: accent.toUpperCase(), to: solid })}`}
      </p>
    </section>
  );
}
