import type { Full, Schemas } from '@gonghui/api';

export type Branding = Schemas['Branding'];
export type Names = Full<Schemas['BrandingNames']>;
export type Logo = Full<Schemas['BrandingLogo']>;
export type Tabs = Full<Schemas['BrandingTabs']>;
export type Colours = Full<Schemas['BrandingColours']>;

/** What a body chooses; a part that is absent follows the bodies above. */
export interface Profile {
  names?: Names;
  logo?: Logo;
  theme?: Colours;
  tabs?: Tabs;
  fixed: string[];
}

export const partNames = ['names', 'logo', 'theme', 'tabs'] as const;
export type PartName = (typeof partNames)[number];

/** The answer's profile without what only looks like a part: an absent message is nothing on the wire. */
export function ownOf(from: Schemas['BrandingProfile'] | undefined): Profile {
  const { names, logo, theme, tabs, fixed } = (from ?? {}) as Partial<Schemas['BrandingProfile']>;
  return {
    ...(names && { names }),
    ...(logo && { logo }),
    ...(theme && { theme }),
    ...(tabs && { tabs }),
    fixed: fixed ?? [],
  };
}

/** A profile with every part: the own one, else what comes from above. */
export function whole(own: Profile, inherited: Profile): Required<Profile> {
  const none = {
    names: { appName: '', appNameEn: '', slogan: '', sloganEn: '' },
    logo: { digest: '', ground: '', data: '' },
    theme: { accent: '#C8161D', splash: 'plain' },
    tabs: { keys: [] },
  };
  // A part that was given back to those above stands there without a value: it is not the body's own.
  return { ...none, ...inherited, ...chosen(own) };
}

const chosen = (p: Profile): Profile =>
  Object.assign({}, ...partNames.map((name) => p[name] && { [name]: p[name] }), { fixed: p.fixed });

/** What the server takes of a profile: a logo travels by its digest. */
export const sent = (p: Profile) => ({
  ...p,
  ...(p.logo && { logo: { digest: p.logo.digest, ground: p.logo.ground } }),
});

const shape = (value: unknown) => JSON.stringify(value ?? null);

/** The parts in which two profiles differ, and "fixed" when what they hold fast for those below does. */
export function differing(a: Profile, b: Profile): (PartName | 'fixed')[] {
  const parts: (PartName | 'fixed')[] = partNames.filter((part) => shape(sent(a)[part]) !== shape(sent(b)[part]));
  if (shape([...a.fixed].sort()) !== shape([...b.fixed].sort())) parts.push('fixed');
  return parts;
}
