import { type ComponentType, lazy, type ReactNode } from 'react';
import { pageTexts } from './i18n/pages.ts';

/** A component that is fetched when it is drawn, or before. */
export interface Later<P> {
  (props: P): ReactNode;
  /** Fetches it ahead: what is here is drawn at once, without something grey in its place. */
  ahead: () => Promise<unknown>;
}

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/** soon loads a component of its own file. */
export function soon<P extends object>(load: Load<P>): Later<P> {
  let here: ComponentType<P> | undefined;
  const fetched = () =>
    load().then((found) => {
      here = found.default;
      return found;
    });
  const Coming = lazy(fetched) as ComponentType<P>;
  const drawn = (props: P) => {
    const Found = here ?? Coming;
    return <Found {...props} />;
  };
  return Object.assign(drawn, { ahead: fetched });
}

/** page is soon for a page, or a part of one, that needs the words of the pages behind the first. */
export function page<P extends object>(load: Load<P>): Later<P> {
  return soon(async () => {
    const [found] = await Promise.all([load(), pageTexts()]);
    return found;
  });
}
