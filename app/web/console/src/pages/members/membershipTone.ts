import type { Tone } from '@gonghui/ui';

export function membershipTone(state: string): Tone {
  return state === 'active' ? 'good' : 'plain';
}
