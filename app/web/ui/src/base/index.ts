/** What every app needs and what carries no component library: texts, colours, dark mode, formats. */

export { contrast, mend } from './contrast.ts';
export { deviceName, inWeChat } from './device.ts';
export { setElder, startElder, useElder } from './elder.ts';
export { Freshness } from './Freshness.tsx';
export { fileSize } from './fileSize.ts';
export * from './format.ts';
export {
  addTexts,
  fetchTexts,
  type Gaps,
  type Locale,
  languageName,
  offer,
  pick,
  setLocale,
  startTexts,
  type T,
  useChosenLocale,
  useLanguages,
  useLocale,
  useT,
  word,
} from './i18n.ts';
export { Mark } from './Mark.tsx';
export { meetingAt } from './meeting.ts';
export { type ModeChoice, setMode, startMode, useMode } from './mode.ts';
export { type Pace, pace, type Sample, sampled } from './pace.ts';
export { Sparkline } from './Sparkline.tsx';
export { sentences } from './sentences.ts';
export { read, write } from './store.ts';
export { LOOK_AGAIN, loadTheme, paint, plainTheme, type Theme, ThemeContext, useTheme } from './theme.ts';
