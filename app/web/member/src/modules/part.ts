import type { Later } from '../page.tsx';

/** What a column of the first page gets: how the body calls it. */
export interface BlockProps {
  title: string;
}

/** A page that a module brings. */
export interface ModulePage {
  path: string;
  /** Without it the page is not there; "session" for everybody who is signed in. */
  capability: string;
  /** first: above the tabs; second: with a way back, unless the body made a tab of it; whole: on its own. */
  level: 'first' | 'second' | 'whole';
  Page: Later<object>;
}

/**
 * The part of a module in this app: what it draws for its columns of the first page (module.Info.Columns, place portal), by
 * their keys, and its pages. The default export of modules/<name>/index.ts; nothing else names it.
 */
export interface Part {
  blocks?: Record<string, Later<BlockProps>>;
  pages?: ModulePage[];
  /** What stands above every page of who holds the capability. */
  above?: { capability: string; Above: Later<object> };
}
