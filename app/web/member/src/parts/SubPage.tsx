import { useT } from '@gonghui/ui/base';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { useInTab } from './Frame.tsx';
import { BackIcon } from './icons.tsx';
import { useTitle } from './useTitle.ts';

interface Props {
  title: string;
  /** One sentence of purpose. */
  purpose?: string;
  /** Where the way back leads. */
  back: string;
  children: ReactNode;
}

/** A page of the second level: a title bar with the way back, one task below. */
export function SubPage({ title, purpose, back, children }: Props) {
  const t = useT();
  const inTab = useInTab();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    // A page of its own is read from its top, by eye and by ear.
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <header className="bar">
        {inTab ? (
          <span />
        ) : (
          <Link href={back} className="bar-back" aria-label={t('act.back')}>
            <BackIcon />
          </Link>
        )}
        <h1 ref={heading} className="bar-title" tabIndex={-1}>
          {title}
        </h1>
      </header>
      <main className="page">
        {purpose && <p className="small">{purpose}</p>}
        {children}
      </main>
    </>
  );
}
