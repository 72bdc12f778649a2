import { useT } from '@gonghui/ui/base';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { BackIcon } from './icons.tsx';

interface Props {
  title: string;
  /** One sentence of purpose. */
  purpose: string;
  /** Where the way back leads. */
  back: string;
  children: ReactNode;
}

/** A page of the second level: a title bar with the way back, one task below. */
export function SubPage({ title, purpose, back, children }: Props) {
  const t = useT();
  return (
    <>
      <header className="bar">
        <Link href={back} className="bar-back" aria-label={t('act.back')}>
          <BackIcon />
        </Link>
        <h1 className="bar-title">{title}</h1>
      </header>
      <main className="page">
        <p className="small">{purpose}</p>
        {children}
      </main>
    </>
  );
}
