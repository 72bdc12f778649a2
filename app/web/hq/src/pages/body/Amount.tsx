import { compact, count, useLocale } from '@gonghui/ui';

/** A figure in short form; the exact one shows on hover and is what a screen reader says. */
export function Amount({ value }: { value: number }) {
  const locale = useLocale();
  const exact = count(value);
  const short = compact(value, locale);
  if (short === exact) return <span className="num">{exact}</span>;
  return (
    <span className="num" title={exact}>
      <span aria-hidden="true">{short}</span>
      <span className="unseen">{exact}</span>
    </span>
  );
}
