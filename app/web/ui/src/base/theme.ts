import { api, type Schemas, take } from '@gonghui/api';
import { createContext, useContext } from 'react';
import { offer, word } from './i18n.ts';

export type Theme = Schemas['Theme'];

/** The product's own look, for the moment before the body's is known and for when it cannot be had. */
export const plainTheme: Theme = {
  bodyCode: '',
  bodyName: '',
  appName: '',
  accent: '#C8161D',
  accentSolid: '#C8161D',
  accentText: '#C8161D',
  accentTextDark: '#FF8A80',
  logo: '',
  demo: false,
  supervision: false,
  appNameEn: '',
  slogan: '',
  sloganEn: '',
  splash: 'plain',
  accentSolidElder: '#B1131A',
  accentTextElder: '#A81218',
  accentTextDarkElder: '#FFB4AC',
  version: '',
  same: false,
  preview: false,
  tabs: [],
  languages: ['zh', 'en'],
  language: '',
  words: [],
  legalVersion: '',
  splashGround: '#F7F6F4',
  splashText: '#1F1E1C',
  home: [],
};

/** Milliseconds between two looks of an open page at how its host is to look. */
export const LOOK_AGAIN = 4000;

export const ThemeContext = createContext<Theme>(plainTheme);

/** How the body of this host looks and is called. */
export const useTheme = (): Theme => useContext(ThemeContext);

/**
 * loadTheme asks the server how this host looks; while that has not changed it is the look that the page has. The session is left
 * out of it: a page that looks by itself must not keep it alive. With a token of the preview it is the draft's look.
 */
export async function loadTheme(has?: Theme, preview = ''): Promise<Theme> {
  const query = { seen: has?.version ?? '', preview };
  const look = await take(api.GET('/v1/theme', { params: { query }, credentials: 'omit' }));
  return look.same && has ? has : look;
}

/** paint hands the body's colours, name, logo, words and languages to the page. The server has mended the colours for contrast. */
export function paint(theme: Theme, appTitle: string): void {
  const { style } = document.documentElement;
  style.setProperty('--accent', theme.accent);
  const colours = {
    solid: [theme.accentSolid, theme.accentSolidElder],
    'text-light': [theme.accentText, theme.accentTextElder],
    'text-dark': [theme.accentTextDark, theme.accentTextDarkElder],
  };
  for (const [name, [usual, elder]] of Object.entries(colours)) {
    if (usual) style.setProperty(`--accent-${name}-usual`, usual);
    // A look that the device has kept from an earlier version of the app knows none.
    if (elder) style.setProperty(`--accent-${name}-elder`, elder);
  }
  // A look that the device has kept from an earlier version of the app has neither.
  word(theme.words ?? []);
  offer(theme.languages ?? [], theme.language ?? '');
  document.title = [theme.appName || theme.bodyName, appTitle].filter(Boolean).join(' · ');
  if (theme.logo) {
    let icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!icon) {
      icon = document.createElement('link');
      icon.rel = 'icon';
      document.head.append(icon);
    }
    icon.href = theme.logo;
  }
}
