import type { Full, Schemas } from '@gonghui/api';
import { sent as itemSent } from '../menus/draft.ts';

export type Branding = Schemas['Branding'];
export type Names = Full<Schemas['BrandingNames']>;
export type Logo = Full<Schemas['BrandingLogo']>;
export type Tabs = Full<Schemas['BrandingTabs']>;
export type Colours = Full<Schemas['BrandingColours']>;
export type Legal = Full<Schemas['BrandingLegal']>;
export type LegalText = Full<Schemas['BrandingLegalText']>;
export type Languages = Full<Schemas['BrandingLanguages']>;
export type Wording = Full<Schemas['BrandingWording']>;
export type Arrangement = Full<Schemas['BrandingArrangement']>;

/** What a body chooses; a part that is absent follows the bodies above. */
export interface Profile {
  names?: Names;
  logo?: Logo;
  theme?: Colours;
  tabs?: Tabs;
  legal?: Legal;
  languages?: Languages;
  wording?: Wording;
  fixed: string[];
  /** The members' first page as it is to be, for all or a role: kept by the menus once it is published. */
  home?: Arrangement[];
}

export const partNames = ['names', 'logo', 'theme', 'tabs', 'legal', 'languages', 'wording'] as const;
export type PartName = (typeof partNames)[number];
/** What a change can be about: a part, what is held fast, or the first page. */
export type Changed = PartName | 'fixed' | 'home';

/** The answer's profile without what only looks like a part: an absent message is nothing on the wire. */
export function ownOf(from: Schemas['BrandingProfile'] | undefined): Profile {
  const { fixed, home, ...parts } = (from ?? {}) as Partial<Full<Schemas['BrandingProfile']>>;
  return {
    ...Object.assign({}, ...partNames.map((name) => parts[name] && { [name]: parts[name] })),
    fixed: fixed ?? [],
    ...(home && home.length > 0 && { home }),
  };
}

const noText: LegalText = { titleZh: '', titleEn: '', textZh: '', textEn: '' };

/** A profile with every part: the own one, else what comes from above. */
export function whole(own: Profile, inherited: Profile): Required<Profile> {
  const none = {
    names: { appName: '', appNameEn: '', slogan: '', sloganEn: '' },
    logo: { digest: '', ground: '', data: '' },
    theme: { accent: '#C8161D', splash: 'plain', splashGround: '' },
    tabs: { keys: [] },
    legal: { privacy: noText, terms: noText, version: '' },
    languages: { offered: ['zh', 'en'], preset: '' },
    wording: { words: [] },
    home: [],
  };
  // A part that was given back to those above stands there without a value: it is not the body's own.
  return { ...none, ...inherited, ...chosen(own) };
}

const chosen = (p: Profile): Profile =>
  Object.assign({}, ...partNames.map((name) => p[name] && { [name]: p[name] }), { fixed: p.fixed });

const pairs = [
  ['appName', 'appNameEn'],
  ['slogan', 'sloganEn'],
] as const;

/** Names after an edit. English that is still that from above goes as soon as its Chinese is the body's own: it is of another app. */
export function renamed(names: Names, to: Partial<Names>, inherited: Names): Names {
  const after = { ...names, ...to };
  for (const [zh, en] of pairs) {
    const departs = names[zh] === inherited[zh] && after[zh] !== inherited[zh];
    if (departs && !(en in to) && names[en] === inherited[en]) after[en] = '';
  }
  return after;
}

/** What the server takes of a profile: a logo travels by its digest. */
export const sent = (p: Profile) => ({
  ...p,
  ...(p.logo && { logo: { digest: p.logo.digest, ground: p.logo.ground } }),
  ...(p.legal && { legal: { privacy: p.legal.privacy, terms: p.legal.terms } }),
  ...(p.home && { home: p.home.map((one) => ({ ...one, items: one.items.map(itemSent) })) }),
});

const shape = (value: unknown) => JSON.stringify(value ?? null);

/** The parts in which two profiles differ, "fixed" when what they hold fast for those below does, and "home". */
export function differing(a: Profile, b: Profile): Changed[] {
  const parts: Changed[] = partNames.filter((part) => shape(sent(a)[part]) !== shape(sent(b)[part]));
  if (shape([...a.fixed].sort()) !== shape([...b.fixed].sort())) parts.push('fixed');
  if (shape(sent(a).home ?? []) !== shape(sent(b).home ?? [])) parts.push('home');
  return parts;
}
