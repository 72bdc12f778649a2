import { percent } from '@gonghui/ui';

/** A share in a table; a dash while it is not known. */
export function Portion({ share }: { share: { part: number; whole: number } | null }) {
  return <span className="num">{share ? percent(share.part, share.whole) : '\u2014'}</span>;
}
