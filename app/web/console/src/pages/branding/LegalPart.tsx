import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Input, Segmented } from 'antd';
import { useId, useState } from 'react';
import { PartFrame } from './PartFrame.tsx';
import { type LegalText, ownOf, whole } from './profile.ts';
import type { Design } from './useDesign.ts';

const kinds = ['privacy', 'terms'] as const;
type Kind = (typeof kinds)[number];

const fields = [
  { title: 'titleZh', text: 'textZh', lang: 'zh', most: 40, long: 12_000 },
  { title: 'titleEn', text: 'textEn', lang: 'en', most: 80, long: 24_000 },
] as const;

async function inForce(kind: Kind): Promise<LegalText> {
  const { titleZh, titleEn, textZh, textEn } = await take(api.GET('/v1/legal/{kind}', { params: { path: { kind } } }));
  return { titleZh, titleEn, textZh: textZh.join('\n\n'), textEn: textEn.join('\n\n') };
}

/** What users agree to: the privacy notice and the agreement, in both languages. */
export function LegalPart({ design }: { design: Design }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const { message } = App.useApp();
  const [kind, setKind] = useState<Kind>('privacy');
  const [lang, setLang] = useState(locale);
  const { legal } = whole(design.profile, ownOf(design.branding.inherited));
  const set = (to: Partial<LegalText>, touched: string) =>
    design.edit({ legal: { ...legal, [kind]: { ...legal[kind], ...to } } }, touched);
  // The own texts begin as those that are in force now: nobody starts with an empty page.
  const begin = useMutation({
    mutationFn: async () => {
      const [privacy, terms] = await Promise.all(kinds.map(inForce));
      if (privacy && terms) design.edit({ legal: { privacy, terms, version: '' } });
    },
    onError: (thrown) => message.error(asApiError(thrown).text(locale), 6),
  });
  // One language at a time: the texts are long.
  const shown = fields.filter((one) => one.lang === lang);
  const version = design.branding.published.legal?.version;
  return (
    <PartFrame design={design} part="legal" own={() => begin.mutate()}>
      <Segmented
        className="design-choice"
        aria-label={t('branding.legalKind')}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`branding.legal.${value}`) }))}
        onChange={setKind}
      />
      <Segmented
        className="design-choice"
        aria-label={t('branding.legalLanguage')}
        value={lang}
        options={fields.map((one) => ({ value: one.lang, label: t(`branding.${one.lang}`) }))}
        onChange={setLang}
      />
      {shown.map(({ title, text, most, long }) => (
        <div key={`${kind}${lang}`} className="design-legal">
          <div className="design-field">
            <label htmlFor={`${id}${title}`}>{t(`branding.legalTitle.${lang}`)}</label>
            <Input
              id={`${id}${title}`}
              value={legal[kind][title]}
              maxLength={most}
              autoComplete="off"
              onChange={({ target }) => set({ [title]: target.value }, `legal.${kind}.${title}`)}
            />
          </div>
          <div className="design-field">
            <label htmlFor={`${id}${text}`}>{t(`branding.legalText.${lang}`)}</label>
            <Input.TextArea
              id={`${id}${text}`}
              value={legal[kind][text]}
              maxLength={long}
              showCount
              rows={10}
              onChange={({ target }) => set({ [text]: target.value }, `legal.${kind}.${text}`)}
            />
          </div>
        </div>
      ))}
      <p className="quiet">{t('branding.legalHint')}</p>
      {version && <p className="quiet num">{t('branding.legalVersion', { version })}</p>}
      <Button onClick={() => begin.mutate()} loading={begin.isPending}>
        {t('branding.legalReload')}
      </Button>
    </PartFrame>
  );
}
