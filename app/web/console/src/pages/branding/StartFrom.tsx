import { Section, useT } from '@gonghui/ui';
import { ownOf, type PartName, whole } from './profile.ts';
import { templates } from './templates.ts';
import type { Design } from './useDesign.ts';

/** A start for who has never done it: what the bodies above have, or something ready-made. */
export function StartFrom({ design }: { design: Design }) {
  const t = useT();
  const { profile, branding, edit } = design;
  const open = (part: PartName) => !branding.parts.find((one) => one.name === part)?.fixedByCode;
  const { logo } = whole(profile, ownOf(branding.inherited));
  const inherited = ownOf(branding.inherited).theme?.accent;
  return (
    <Section title={t('branding.start')} about={t('branding.startAbout')}>
      <ul className="design-templates">
        <li>
          <button
            type="button"
            onClick={() => edit({ names: undefined, logo: undefined, theme: undefined, tabs: undefined })}
          >
            <span className="design-template" style={{ background: inherited }} />
            {t('branding.template.above')}
          </button>
        </li>
        {templates.map(({ key, theme, ground }) => (
          <li key={key}>
            <button
              type="button"
              disabled={!open('theme')}
              onClick={() => edit({ theme, ...(open('logo') && profile.logo && { logo: { ...logo, ground } }) })}
            >
              <span className="design-template" style={{ background: theme.accent }} />
              {t(`branding.template.${key}`)}
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
