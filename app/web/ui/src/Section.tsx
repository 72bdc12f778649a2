import type { ReactNode } from 'react';

interface PageHeadProps {
  title: string;
  /** One sentence: what this page is for. */
  purpose?: string;
  action?: ReactNode;
}

/** The head of every page. */
export function PageHead({ title, purpose, action }: PageHeadProps) {
  return (
    <header className="page-head">
      <div className="page-head-text">
        <h1>{title}</h1>
        {purpose && <p>{purpose}</p>}
      </div>
      {action && <div className="page-head-act">{action}</div>}
    </header>
  );
}

interface SectionProps {
  title?: string;
  about?: string;
  action?: ReactNode;
  children: ReactNode;
}

/** One subject on a page: a white surface with a heading. */
export function Section({ title, about, action, children }: SectionProps) {
  return (
    <section className="section" aria-label={title}>
      {(title || action) && (
        <div className="section-head">
          <div>
            {title && <h2>{title}</h2>}
            {about && <p>{about}</p>}
          </div>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}
