import { api, take } from '@gonghui/api';
import { Section, useAct, useT } from '@gonghui/ui';
import { App, Button } from 'antd';
import { useRef, useState } from 'react';
import { keep, readFile } from './file.ts';
import { ownOf, type PartName, partNames, whole } from './profile.ts';
import { TakeOver } from './TakeOver.tsx';
import { templates } from './templates.ts';
import type { Design } from './useDesign.ts';

/** A start for who has never done it: what the bodies above have, or something ready-made. */
export function StartFrom({ design }: { design: Design }) {
  const t = useT();
  const { profile, branding, edit } = design;
  const { message } = App.useApp();
  const input = useRef<HTMLInputElement>(null);
  const [taking, setTaking] = useState<{ file: object | null } | null>(null);
  const out = useAct({
    run: async () => {
      await design.save();
      return take(api.GET('/v1/branding:export'));
    },
    done: keep,
  });
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    const file = await readFile(chosen);
    if (file) setTaking({ file });
    else void message.error(t('branding.fileBad'), 6);
  };
  const open = (part: PartName) => !branding.parts.find((one) => one.name === part)?.fixedByCode;
  const { logo } = whole(profile, ownOf(branding.inherited));
  const inherited = ownOf(branding.inherited).theme?.accent;
  return (
    <Section title={t('branding.start')} about={t('branding.startAbout')}>
      <ul className="design-templates">
        <li>
          <button type="button" onClick={() => edit(Object.fromEntries(partNames.map((part) => [part, undefined])))}>
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
      <p className="design-acts">
        <Button onClick={() => setTaking({ file: null })}>{t('branding.copy')}</Button>
        <Button onClick={() => input.current?.click()}>{t('branding.import')}</Button>
        <Button loading={out.isPending} onClick={() => out.mutate(undefined)}>
          {t('branding.export')}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept="application/json,.json"
          aria-label={t('branding.import')}
          onChange={(event) => {
            void choose(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </p>
      {taking && <TakeOver design={design} file={taking.file} close={() => setTaking(null)} />}
    </Section>
  );
}
