import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keys } from '../../data.ts';
import type { Line } from './app.ts';

/** The lines with one more, which takes the place of all from its number on: a build that begins anew counts from the first. */
export const joined = (lines: Line[], line: Line): Line[] => [
  ...lines.filter(({ number }) => number < line.number),
  line,
];

/**
 * The lines of a build as they are written. The browser takes the stream up again by itself where it broke off; when a
 * build begins anew its lines come from the first again, in the place of the old ones. When it has ended what is known of the app
 * is asked for anew.
 */
export function useLog(id: string | null, live: boolean): Line[] {
  const client = useQueryClient();
  const [log, setLog] = useState<{ id: string; lines: Line[] }>({ id: '', lines: [] });
  useEffect(() => {
    if (!id || !live) return;
    const stream = new EventSource(`/v1/app/builds/${id}/log`);
    stream.addEventListener('line', ({ data }) => {
      const line = JSON.parse(data) as Line;
      setLog((before) => ({ id, lines: joined(before.id === id ? before.lines : [], line) }));
    });
    stream.addEventListener('end', () => {
      stream.close();
      void client.invalidateQueries({ queryKey: keys.app });
    });
    return () => stream.close();
  }, [id, live, client]);
  return log.id === id ? log.lines : [];
}
