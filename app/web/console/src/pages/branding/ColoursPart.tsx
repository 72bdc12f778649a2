import { useT } from '@gonghui/ui';
import { Radio } from 'antd';
import { useId } from 'react';
import { AccentInput } from './AccentInput.tsx';
import { PartFrame } from './PartFrame.tsx';
import { type Colours, ownOf, whole } from './profile.ts';
import type { Design } from './useDesign.ts';

/** The colour of the app and of its start screen. `suggested` are colours of the logo. */
export function ColoursPart({ design, suggested }: { design: Design; suggested: string[] }) {
  const t = useT();
  const id = useId();
  const { theme } = whole(design.profile, ownOf(design.branding.inherited));
  const set = (to: Partial<Colours>, touched = '') => design.edit({ theme: { ...theme, ...to } }, touched);
  return (
    <PartFrame design={design} part="theme" own={() => set({})}>
      <div className="design-field">
        <label htmlFor={`${id}accent`}>{t('branding.accent')}</label>
        <AccentInput id={`${id}accent`} value={theme.accent} onChange={(accent) => set({ accent }, 'accent')} />
        {suggested.length > 0 && (
          <p className="design-suggested">
            {t('branding.suggested')}
            {suggested.map((colour) => (
              <button
                key={colour}
                type="button"
                className="design-swatch"
                style={{ background: colour }}
                aria-label={t('branding.useColour', { colour })}
                title={colour}
                onClick={() => set({ accent: colour })}
              />
            ))}
          </p>
        )}
      </div>
      <div className="design-field">
        <span aria-hidden="true">{t('branding.splash')}</span>
        <Radio.Group
          aria-label={t('branding.splash')}
          value={theme.splash}
          options={['plain', 'accent', 'own'].map((value) => ({ value, label: t(`branding.splashes.${value}`) }))}
          onChange={({ target }) =>
            set({
              splash: target.value,
              splashGround: target.value === 'own' ? theme.splashGround || theme.accent : theme.splashGround,
            })
          }
        />
        {theme.splash === 'own' && (
          <>
            <label htmlFor={`${id}splash`}>{t('branding.splashGround')}</label>
            <AccentInput
              id={`${id}splash`}
              value={theme.splashGround}
              onChange={(splashGround) => set({ splashGround }, 'splashGround')}
            />
          </>
        )}
      </div>
    </PartFrame>
  );
}
