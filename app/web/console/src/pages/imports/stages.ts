import type { Schemas } from '@gonghui/api';
import type { Tone } from '@gonghui/ui';

export type Import = Schemas['Import'];
export type Policy = 'skip' | 'update';

export const tones: Record<string, Tone> = {
  reading: 'note',
  mapping: 'warn',
  checking: 'note',
  ready: 'warn',
  committing: 'note',
  done: 'good',
  cancelled: 'plain',
  failed: 'bad',
};

/** The server works on it; the page asks again in a while. */
export function working(state: string): boolean {
  return state === 'reading' || state === 'checking' || state === 'committing';
}

/** It can still be given up. */
export function open(state: string): boolean {
  return state === 'reading' || state === 'mapping' || state === 'checking' || state === 'ready';
}

/** The step of the wizard, from 0: file, columns, check, done. */
export function stage(state: string): number {
  switch (state) {
    case 'reading':
      return 0;
    case 'mapping':
      return 1;
    case 'checking':
    case 'ready':
      return 2;
    default:
      return 3;
  }
}

/** How many rows a commit enters or changes. */
export function entering(one: Pick<Import, 'counts' | 'policy'>): { added: number; changed: number; sum: number } {
  const added = Number(one.counts?.admitted ?? 0);
  const changed = one.policy === 'update' ? Number(one.counts?.known ?? 0) : 0;
  return { added, changed, sum: added + changed };
}
