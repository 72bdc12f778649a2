import { languageName, useT } from '@gonghui/ui';
import { Checkbox, Radio } from 'antd';
import { PartFrame } from './PartFrame.tsx';
import { type Languages, ownOf, whole } from './profile.ts';
import type { Design } from './useDesign.ts';

const all = ['zh', 'en'] as const;

/** The languages of the apps, and the one that they start in. */
export function LanguagesPart({ design }: { design: Design }) {
  const t = useT();
  const { languages } = whole(design.profile, ownOf(design.branding.inherited));
  const set = (to: Partial<Languages>) => design.edit({ languages: { ...languages, ...to } });
  const turn = (offered: string[]) =>
    set({ offered, preset: offered.includes(languages.preset) ? languages.preset : '' });
  return (
    <PartFrame design={design} part="languages" own={() => set({})}>
      <div className="design-field">
        <span aria-hidden="true">{t('branding.offered')}</span>
        <Checkbox.Group
          aria-label={t('branding.offered')}
          value={languages.offered}
          options={all.map((value) => ({
            value,
            label: languageName(value),
            disabled: languages.offered.length === 1 && languages.offered[0] === value,
          }))}
          onChange={(value) => turn(all.filter((one) => value.includes(one)))}
        />
      </div>
      <div className="design-field">
        <span aria-hidden="true">{t('branding.preset')}</span>
        <Radio.Group
          aria-label={t('branding.preset')}
          value={languages.preset}
          options={[
            { value: '', label: t('branding.presetDevice') },
            ...all.map((value) => ({
              value,
              label: languageName(value),
              disabled: !languages.offered.includes(value),
            })),
          ]}
          onChange={({ target }) => set({ preset: target.value })}
        />
      </div>
    </PartFrame>
  );
}
