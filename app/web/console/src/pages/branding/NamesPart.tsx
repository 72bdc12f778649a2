import { useT } from '@gonghui/ui';
import { Input } from 'antd';
import { useId } from 'react';
import { PartFrame } from './PartFrame.tsx';
import { type Names, ownOf, renamed, whole } from './profile.ts';
import type { Design } from './useDesign.ts';

const fields = [
  { name: 'appName', most: 20 },
  { name: 'slogan', most: 40 },
  { name: 'appNameEn', most: 40 },
  { name: 'sloganEn', most: 80 },
] as const;

/** What the app is called, in both languages. */
export function NamesPart({ design }: { design: Design }) {
  const t = useT();
  const id = useId();
  const inherited = ownOf(design.branding.inherited);
  const { names } = whole(design.profile, inherited);
  const above = whole(inherited, inherited).names;
  const set = (to: Partial<Names>, touched: string) => design.edit({ names: renamed(names, to, above) }, touched);
  return (
    <PartFrame design={design} part="names" own={() => set({}, '')}>
      {fields.map(({ name, most }) => (
        <div key={name} className="design-field">
          <label htmlFor={`${id}${name}`}>{t(`branding.${name}`)}</label>
          <Input
            id={`${id}${name}`}
            value={names[name]}
            maxLength={most}
            showCount
            autoComplete="off"
            onChange={({ target }) => set({ [name]: target.value }, `names.${name}`)}
          />
        </div>
      ))}
    </PartFrame>
  );
}
