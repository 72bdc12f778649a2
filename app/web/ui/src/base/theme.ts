import { api, type Schemas, take } from '@gonghui/api';
import { createContext, useContext } from 'react';

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
};

export const ThemeContext = createContext<Theme>(plainTheme);

/** How the body of this host looks and is called. */
export const useTheme = (): Theme => useContext(ThemeContext);

/** loadTheme asks the server how this host looks. */
export function loadTheme(): Promise<Theme> {
  return take(api.GET('/v1/theme'));
}

/** paint hands the body's colours, name and logo to the page. The server has mended the colours for contrast. */
export function paint(theme: Theme, appTitle: string): void {
  const { style } = document.documentElement;
  style.setProperty('--accent', theme.accent);
  style.setProperty('--accent-solid', theme.accentSolid);
  style.setProperty('--accent-text-light', theme.accentText);
  style.setProperty('--accent-text-dark', theme.accentTextDark);
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
