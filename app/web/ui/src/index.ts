/** The shared parts of the antd apps. Everything of ./base is here too. */

export { AppShell, Looks, type ShellEntry } from './AppShell.tsx';
export { useAct } from './act.ts';
export { Badge, type Tone } from './Badge.tsx';
export * from './base/index.ts';
export { CopyField } from './CopyField.tsx';
export { DateInput } from './DateInput.tsx';
export { DetailDrawer } from './DetailDrawer.tsx';
export { type Fact, Facts } from './Facts.tsx';
export { Fault } from './Fault.tsx';
export { FormDrawer } from './FormDrawer.tsx';
export { FormPage } from './FormPage.tsx';
export { HeroFigure } from './HeroFigure.tsx';
export { type Happening, History } from './History.tsx';
export { type ListFilter, SearchBox } from './ListFilters.tsx';
export { type ListAnswer, type ListColumn, ListPage } from './ListPage.tsx';
export { LeaveGuard } from './leaveGuard.tsx';
export { Bars, PageSkeleton } from './PageSkeleton.tsx';
export { PageHead, Section } from './Section.tsx';
export { type Share, ShareFigure } from './ShareFigure.tsx';
export { SignInPage } from './SignInPage.tsx';
export { goTo, type Me, meKey, type Place, RequireSession, useCan, useMe, useSignOut } from './session.tsx';
export { start } from './start.tsx';
export { EmptyState, ErrorState, NoPage, NoRight } from './states.tsx';
export { ThemeRoot, themeKey } from './ThemeRoot.tsx';
export { useDetail } from './useDetail.ts';
export { useListPlace } from './useListPlace.ts';
export { useWide } from './useWide.ts';
