/** The messages of media/meeting/vote/v1/vote.proto, as the page sends and reads them. */

export type Kind = 'named' | 'veiled' | 'secret' | 'signin';
export type Form = 'choice' | 'consent' | 'elect';
export type VoteState = 'draft' | 'open' | 'ending' | 'closed' | 'done' | 'void';
export type Quorum = 'none' | 'half' | 'twothirds';
export type Majority = 'most' | 'half_due' | 'half_voters' | 'half_cast' | 'twothirds_due' | 'twothirds_cast';

export interface MakeVote {
  kind: Kind;
  form?: Form;
  question: string;
  options?: string[];
  most?: number;
  seats?: number;
  due?: number;
  quorum?: Quorum;
  majority?: Majority;
  people?: string[];
  guests?: string[];
  watchers?: string[];
  small?: boolean;
  minutes?: number;
}

export interface Voting {
  do:
    | 'list'
    | 'make'
    | 'open'
    | 'end'
    | 'confirm'
    | 'void'
    | 'choose'
    | 'sign'
    | 'right'
    | 'voters'
    | 'receipts'
    | 'code';
  vote?: string;
  make?: MakeVote;
  choice?: number[];
  /** Base64. */
  blinded?: string;
  pageToken?: string;
  /** With sign, in the place of the id: that on the screen of the hall. */
  code?: string;
}

export interface Watcher {
  participant: string;
  name: string;
  closing: boolean;
  opening: boolean;
}

export interface Result {
  votes: number[];
  cast: number;
  blank: number;
  quorate: boolean;
  /** The smallest number of votes that suffices; 0: the most. */
  need: number;
  passed: boolean;
  won: number[];
  tied: number[];
}

export interface Own {
  may: boolean;
  did: boolean;
  choice: number[];
}

export interface Vote {
  id: string;
  kind: Kind;
  form: Form;
  state: VoteState;
  question: string;
  options: string[];
  most: number;
  seats: number;
  due: number;
  quorum: Quorum;
  majority: Majority;
  endsAt: string;
  closedAt: string;
  watchers: Watcher[];
  voters: number;
  came: number;
  cast: number;
  result: Result | null;
  /** Base64; empty unless one can vote by ballot. */
  modulus: string;
  /** Null in what is told to all. */
  own: Own | null;
  /** Ballots may have been lost with a process of the server: it is closed only when there is one for each right that was given. */
  unsure: boolean;
}

export interface Voter {
  participant: string;
  name: string;
  body: string;
  /** Empty: has not. */
  at: string;
  choice: number[];
}

/** What a server says about votes. */
export interface FromVotes {
  vote?: Vote;
  votes?: Vote[];
  voters?: { voters: Voter[]; next: string };
  receipts?: { receipts: string[]; next: string };
  right?: { signature: string };
  code?: { code: string; left: number };
}

type Wire = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const count = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const part = (value: unknown): Wire => (typeof value === 'object' && value !== null ? (value as Wire) : {});
const all = <T>(value: unknown, of: (one: unknown) => T): T[] => (Array.isArray(value) ? value.map(of) : []);
const one = <T extends string>(known: readonly T[], value: unknown): T =>
  known.find((each) => each === value) ?? (known[0] as T);

const vote = (w: Wire): Vote => ({
  id: text(w.id),
  kind: one(['named', 'veiled', 'secret', 'signin'], w.kind),
  form: one(['choice', 'consent', 'elect'], w.form),
  state: one(['draft', 'open', 'ending', 'closed', 'done', 'void'], w.state),
  question: text(w.question),
  options: all(w.options, text),
  most: count(w.most),
  seats: count(w.seats),
  due: count(w.due),
  quorum: one(['none', 'half', 'twothirds'], w.quorum),
  majority: one(['most', 'half_due', 'half_voters', 'half_cast', 'twothirds_due', 'twothirds_cast'], w.majority),
  endsAt: text(w.endsAt),
  closedAt: text(w.closedAt),
  watchers: all(w.watchers, (value) => {
    const { participant, name, closing, opening } = part(value);
    return {
      participant: text(participant),
      name: text(name),
      closing: closing === true,
      opening: opening === true,
    };
  }),
  voters: count(w.voters),
  came: count(w.came),
  cast: count(w.cast),
  result: w.result === undefined ? null : result(part(w.result)),
  modulus: text(w.modulus),
  own: w.own === undefined ? null : own(part(w.own)),
  unsure: w.unsure === true,
});

const result = (w: Wire): Result => ({
  votes: all(w.votes, count),
  cast: count(w.cast),
  blank: count(w.blank),
  quorate: w.quorate === true,
  need: count(w.need),
  passed: w.passed === true,
  won: all(w.won, count),
  tied: all(w.tied, count),
});

const own = (w: Wire): Own => ({ may: w.may === true, did: w.did === true, choice: all(w.choice, count) });

/** How each of them is read, by its name in the message. */
export const voteShapes = {
  vote,
  votes: (w: Wire) => all(w.votes, (value) => vote(part(value))),
  voters: (w: Wire) => ({
    voters: all(w.voters, (value) => {
      const { participant, name, body, at, choice } = part(value);
      return {
        participant: text(participant),
        name: text(name),
        body: text(body),
        at: text(at),
        choice: all(choice, count),
      };
    }),
    next: text(w.nextPageToken),
  }),
  receipts: (w: Wire) => ({ receipts: all(w.receipts, text), next: text(w.nextPageToken) }),
  right: (w: Wire) => ({ signature: text(w.signature) }),
  code: (w: Wire) => ({ code: text(w.code), left: count(w.left) }),
};

/** takenVotes is what is known of votes after a message: the newest first; what is one's own stays when it is not told. */
export function takenVotes(known: readonly Vote[], { vote: told, votes }: FromVotes): readonly Vote[] {
  const news = votes ?? (told ? [told] : []);
  if (news.length === 0) return known;
  const after = new Map(known.map((each) => [each.id, each]));
  for (const each of news) {
    const before = after.get(each.id)?.own ?? null;
    after.set(each.id, { ...each, own: each.own ?? before });
  }
  return [...after.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Whether something is asked of a person: to vote, to sign in, or to confirm as a scrutineer. */
export function asked(each: Vote, me: string): boolean {
  const watcher = each.watchers.find(({ participant }) => participant === me);
  if (each.state === 'ending' && watcher && !watcher.closing) return true;
  if (each.state === 'closed' && watcher && !watcher.opening) return true;
  return each.state === 'open' && each.own?.did !== true && (each.kind !== 'secret' || each.own?.may === true);
}
