import type { Colours } from './profile.ts';

/** A ready-made start: colours that suit each other, for who does not want to choose. */
export interface Template {
  key: string;
  theme: Colours;
  /** Ground of the icon; empty for one that suits the logo. */
  ground: string;
}

export const templates: readonly Template[] = [
  { key: 'classic', theme: { accent: '#C8161D', splash: 'plain', splashGround: '' }, ground: '' },
  { key: 'solemn', theme: { accent: '#A61B29', splash: 'accent', splashGround: '' }, ground: '#A61B29' },
  { key: 'industry', theme: { accent: '#1565C0', splash: 'plain', splashGround: '' }, ground: '#FFFFFF' },
  { key: 'green', theme: { accent: '#2E7D32', splash: 'plain', splashGround: '' }, ground: '#FFFFFF' },
  { key: 'calm', theme: { accent: '#37474F', splash: 'accent', splashGround: '' }, ground: '#FFFFFF' },
];
