import type { ReactNode } from 'react';

/** What to do, one thing after the other. */
export function Steps({ label, children }: { label: string; children: ReactNode[] }) {
  return (
    <ol className="get-steps" aria-label={label}>
      {children.map((step, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a way never change places
        <li key={n}>{step}</li>
      ))}
    </ol>
  );
}
