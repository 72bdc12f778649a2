import { read, write } from '@gonghui/ui/base';
import type { FromServer } from '../signal/messages.ts';
import { type Bytes, base64, blind, finish, fromBase64, random, receipt } from './blind.ts';
import type { Vote, Voting } from './votes.ts';

/**
 * The voting booth: keeps a person's ballots on the device until they are written, and casts them over a connection that does not say who
 * they are. What it keeps goes when the ballot is closed, at the latest after a day.
 */

const KEPT = 'meet.ballots';
const DAY = 86_400_000;
const TOKEN = 32;

/** A ballot as the device keeps it; bytes are base64. */
interface Kept {
  at: number;
  token: string;
  inverse: string;
  blinded: string;
  signature?: string;
  choice?: number[];
  receipt: string;
  /** Code of the body whose meeting it is. Where hosts have no names a cookie says it, and ballots carry none. */
  body?: string;
  /** It is on its way to the box, lies in it, or is written down. */
  stands?: 'going' | 'held' | 'written' | 'lost';
}

export type Paper = Pick<Kept, 'receipt' | 'stands' | 'choice'>;

/** Asks over the connection of the meeting. */
export type Ask = (voting: Voting) => Promise<FromServer>;

const listeners = new Set<() => void>();
let papers: Readonly<Record<string, Kept>> = load();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function load(): Record<string, Kept> {
  try {
    const all = JSON.parse(read(KEPT) ?? '{}') as Record<string, Kept>;
    return Object.fromEntries(Object.entries(all).filter(([, { at }]) => Date.now() - at < DAY));
  } catch {
    return {};
  }
}

function keep(vote: string, paper: Kept): void {
  papers = { ...papers, [vote]: paper };
  write(KEPT, JSON.stringify(papers));
  for (const listener of listeners) listener();
}

export function watchPapers(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The ballots of this device, by vote. */
export const ownPapers = (): Readonly<Record<string, Paper>> => papers;

/** Milliseconds from one moment to a random later one, so that the moment of a ballot tells nothing of whose it is. */
const between = (least: number, most: number) => least + (toInt(random(4)) / 2 ** 32) * (most - least);
const toInt = (bytes: Bytes) => new DataView(bytes.buffer).getUint32(0);

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The right to vote could not be used. */
export class NoRight extends Error {}

/** Browsers have no such means on a page that came without https. */
export const canVote = (): boolean => globalThis.crypto?.subtle !== undefined;

/** vote spends the right to vote and casts the choice. It can be called again after it failed; the choice stays the first one. */
export async function vote(of: Vote, choice: number[], ask: Ask, body = ''): Promise<void> {
  let paper = papers[of.id];
  const modulus = fromBase64(of.modulus);
  if (!paper) {
    const token = random(TOKEN);
    const { message, inverse } = await blind(token, modulus);
    paper = {
      at: Date.now(),
      token: base64(token),
      inverse: base64(inverse),
      blinded: base64(message),
      receipt: await receipt(token),
      body,
    };
    keep(of.id, paper);
  }
  if (!paper.signature) {
    const { right } = await ask({ do: 'right', vote: of.id, blinded: paper.blinded });
    const signed = right ? fromBase64(right.signature) : new Uint8Array();
    const signature = await finish(fromBase64(paper.token), fromBase64(paper.inverse), signed, modulus);
    if (!signature) throw new NoRight();
    paper = { ...paper, signature: base64(signature) };
    keep(of.id, paper);
  }
  if (!paper.choice) {
    paper = { ...paper, choice };
    keep(of.id, paper);
  }
  await pause(between(200, 2000));
  try {
    await cast(of.id);
  } catch {
    // The box is moving, or the network is away: the page sees to it.
    keep(of.id, { ...paper, stands: 'going' });
    later(of.id, ...SOON);
  }
}

/** Milliseconds, from and to, after which a ballot that did not reach the box is cast again. */
const SOON = [2000, 8000] as const;

/** cast posts a ballot without saying who sends it. */
async function cast(id: string): Promise<void> {
  const paper = papers[id];
  if (!paper?.signature || !paper.choice) return;
  const body = JSON.stringify({ vote: id, token: paper.token, signature: paper.signature, choice: paper.choice });
  const response = await fetch(`/v1/meetings:cast?body=${encodeURIComponent(paper.body ?? '')}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
  });
  const answer = (await response.json().catch(() => ({}))) as { written?: boolean };
  if (response.ok) settle(id, answer.written ? 'written' : 'held');
  else if (response.status < 500 && response.status !== 429) settle(id, 'lost');
  else throw new Error(`casting was answered by ${response.status}`);
}

function settle(id: string, stands: NonNullable<Kept['stands']>): void {
  const paper = papers[id];
  if (!paper) return;
  if (stands === 'held') {
    keep(id, { ...paper, stands });
    later(id);
    return;
  }
  clearTimeout(timers.get(id));
  timers.delete(id);
  // What was chosen, and what proves the right, is forgotten: the receipt remains.
  const { at, receipt: own } = paper;
  keep(id, { at, receipt: own, stands, token: '', inverse: '', blinded: '' });
}

/** later casts again: what lies in the box is lost with the server's process. */
function later(id: string, least = 20_000, most = 40_000): void {
  clearTimeout(timers.get(id));
  const again = () => void cast(id).catch(() => later(id, ...SOON));
  timers.set(id, setTimeout(again, between(least, most)));
}

/** follow looks after the ballots of this device as the votes of the meeting go on. */
export function follow(votes: readonly Vote[]): void {
  for (const { id, state } of votes) {
    const paper = papers[id];
    if (!paper?.token || !paper.choice) continue;
    if (state === 'void') settle(id, 'lost');
    else if (state === 'open' && !timers.has(id)) later(id, 0, 4000);
    else if (state === 'ending' || state === 'closed' || state === 'done') later(id, 0, 2000);
  }
}
