import type { Full, Schemas } from '@gonghui/api';

export type Quality = Full<Schemas['Quality']>;

/** What was wrong with a connection, in the order of weight; the key of a sentence that says what to do, and its figures. */
export interface Finding {
  key: 'up' | 'down' | 'delay' | 'concealed' | 'freezes' | 'fine';
  percent?: number;
  ms?: number;
  count?: number;
}

/** Bounds: sound breaks up from 6 % made up on, pictures from 5 % lost on; talk gets hard from 400 ms there and back on. */
const LOSS = 50;
const CONCEALED = 60;
const DELAY = 400;
/** Standstills a minute that are noticed. */
const FREEZES = 2;
/** Reports a minute. */
const REPORTS = 6;

const percent = (thousandths: number) => Math.round(thousandths / 10);

/** findings says in words what the figures mean. */
export function findings(q: Quality): Finding[] {
  const out: Finding[] = [];
  if (q.lossUp >= LOSS) out.push({ key: 'up', percent: percent(q.lossUp) });
  if (q.lossDown >= LOSS) out.push({ key: 'down', percent: percent(q.lossDown) });
  if (q.rtt >= DELAY) out.push({ key: 'delay', ms: q.rtt });
  if (q.concealed >= CONCEALED && q.lossDown < LOSS) out.push({ key: 'concealed', percent: percent(q.concealed) });
  const minutes = q.samples / REPORTS;
  if (q.freezes > 0 && q.freezes / Math.max(1, minutes) >= FREEZES) out.push({ key: 'freezes', count: q.freezes });
  return out.length > 0 ? out : [{ key: 'fine' }];
}
