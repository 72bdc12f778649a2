import { useQuery } from '@tanstack/react-query';
import { bodyQuery } from '../../data/queries.ts';

/** Where a body stands, from the top to its direct parent, in short names. */
export function PathOf({ code, top }: { code: string; top: string }) {
  const { data } = useQuery(bodyQuery(code));
  if (!data) return <span className="path" aria-hidden="true" />;
  const names = data.ancestors.map((body) => body.shortName || body.name);
  return <span className="path">{names.length > 0 ? names.join(' › ') : top}</span>;
}
