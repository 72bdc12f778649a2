import { dateTime, useT } from '@gonghui/ui/base';
import { useOnline } from '../online.ts';

interface Props {
  query: { error: unknown; dataUpdatedAt: number };
}

/** Says from when something is that could not be asked for anew. */
export function AsOf({ query }: Props) {
  const t = useT();
  const online = useOnline();
  if (online && !query.error) return null;
  return <p className="small">{t('member.asOf', { at: dateTime(new Date(query.dataUpdatedAt)) })}</p>;
}
