import { ApiError } from '@gonghui/api';
import { choose, type Opening } from '../media/devices.ts';
import type { Wish } from '../media/places.ts';
import { pause, Refused } from '../signal/client.ts';
import type { Act, FromServer, Joined, Message } from '../signal/messages.ts';
import type { Voting } from '../vote/votes.ts';
import { Board } from './board.ts';
import { ignore } from './ignore.ts';
import { Link } from './link.ts';
import { Moving } from './moving.ts';
import { OwnThings } from './own.ts';
import type { Snapshot } from './snapshot.ts';
import { Sounds } from './sounds.ts';
import { entered, ownPerson, type State, taken } from './state.ts';
import { type Entry, Talk } from './talk.ts';

export type { Snapshot } from './snapshot.ts';
export type { Entry } from './talk.ts';

export interface RoomOptions {
  /** Asks for what opens the next connection; throws when there is no way (back) in. */
  enter: () => Promise<Entry>;
  /** What the person had on before the door, or was opening there. The room takes the tracks over. */
  microphone: Opening;
  camera: Opening;
  /** Places for pictures: how many this device can show. */
  pictures: number;
}

/** How often in a row the way back is sought. */
const MOST_TRIES = 12;

/**
 * A meeting that this page takes part in: comes in, and back into the same seat when a connection is lost; what the server says goes to
 * the parts that it is for, what the person does comes from here.
 */
export class Room {
  readonly #enter: () => Promise<Entry>;
  readonly #board = new Board();
  readonly #talk: Talk;
  readonly #own: OwnThings;
  readonly #sounds: Sounds;
  readonly #link: Link;
  readonly #moving: Moving;
  #tries = 0;

  constructor({ enter, microphone, camera, pictures }: RoomOptions) {
    this.#enter = enter;
    this.#talk = new Talk({ told: (message) => this.#take(message), lost: () => this.#lost() });
    this.#sounds = new Sounds(this.#board);
    this.#own = new OwnThings(this.#board, this.#talk, async (source, track) => this.#link.put(source, track));
    this.#link = new Link(this.#board, this.#talk, this.#own, this.#sounds, pictures);
    this.#moving = new Moving(this.#board, this.#talk, this.#own, this.#link);
    this.#own.bring(microphone, camera);
  }

  get subscribe(): Board['subscribe'] {
    return this.#board.subscribe;
  }

  get snapshot(): Board['snapshot'] {
    return this.#board.snapshot;
  }

  // The way in, and back.

  /** Goes in. Throws what stands in the way; afterwards the room sees to itself. */
  async start(): Promise<void> {
    await this.#link.prepare();
    await this.#connect();
    this.#link.start();
  }

  async #connect(): Promise<void> {
    const entry = await this.#enter();
    if (this.#board.over) return;
    const signal = await this.#talk.dial(entry);
    this.#talk.use(signal);
    let reply: FromServer;
    try {
      reply = await this.#talk.join(signal, entry);
    } catch (thrown) {
      this.#talk.use(null);
      signal.close();
      throw thrown;
    }
    if (reply.waiting) {
      this.#tries = 0;
      this.#board.set({ phase: 'waiting', title: reply.waiting.title, away: false });
    } else if (reply.joined) {
      await this.#in(reply.joined);
    }
  }

  async #in(joined: Joined): Promise<void> {
    this.#tries = 0;
    const { phase, state } = this.#board.now;
    // Another room is another seat: the connection there is made from the ground up.
    const again = phase === 'in' && joined.inside.breakout === state.inside.breakout;
    this.#link.know(joined.iceServers);
    this.#board.set({
      phase: 'in',
      away: false,
      title: joined.room.title,
      state: entered(state, joined),
    });
    await this.#link.open(again);
    await this.#own.tell();
    await this.#bring({ recall: {} }).catch(ignore);
    await this.vote({ do: 'list' }).catch(ignore);
  }

  /** The connection is gone: another one, into the same seat. */
  #lost(): void {
    if (this.#board.over) return;
    this.#board.set({ away: true });
    if (this.#tries >= MOST_TRIES) {
      this.#over('lost');
      return;
    }
    setTimeout(() => void this.#back(), pause(this.#tries++));
  }

  async #back(): Promise<void> {
    if (this.#board.over || this.#talk.used) return;
    try {
      await this.#connect();
    } catch (thrown) {
      if (this.#board.over) return;
      const why = final(thrown);
      if (why) this.#over(why);
      else this.#lost();
    }
  }

  // What the server says.

  #take(message: FromServer): void {
    if (message.over) {
      const { why } = message.over;
      if (why !== 'restart' && why !== 'moved') this.#over(why);
      return;
    }
    if (message.joined) {
      void this.#in(message.joined).catch(ignore);
      return;
    }
    if (message.moved) void this.#moving.move(message.moved);
    if (message.asked?.what === 'unmute') this.#board.set({ askedToUnmute: true });
    if (message.event?.kind === 'wanted') void this.#link.want(message.event.source, message.event.height);
    const before = this.#board.now.state;
    const state = taken(before, message, Date.now());
    if (state !== before) this.#board.set({ state });
    this.#mention(message, before);
    if (message.person && message.person.participant === state.me && !this.#own.telling) this.#obey(before, state);
  }

  /** Says what the person should notice. */
  #mention({ notice, knock, person }: FromServer, before: State): void {
    if (notice) this.#board.say(notice.what, notice.name, notice.text || notice.room);
    // Who has been let in, or gone, is no news any more.
    if (knock?.gone) this.#board.unsay(({ what, name }) => what === 'knock' && name === knock.name);
    else if (knock && !before.knocks.some((one) => one.participant === knock.participant))
      this.#board.say('knock', knock.name);
    if (person && person.hand > 0 && person.participant !== before.me) {
      const had = before.persons.find((one) => one.participant === person.participant)?.hand ?? 0;
      if (had === 0) this.#board.say('hand', person.name);
    }
  }

  /** A host has turned something of ours off, or made us somebody else. */
  #obey(before: State, state: State): void {
    const was = ownPerson(before);
    const now = ownPerson(state);
    if (!now) return;
    this.#own.obey(now);
    if (!was || was.role === now.role) return;
    this.#board.say(`role.${now.role}`);
    // Who may send has lines for it, who may not has none: another connection.
    if ((was.role === 'audience') !== (now.role === 'audience')) void this.#link.fresh().catch(ignore);
  }

  // What the person does.

  setMicrophone(on: boolean): Promise<void> {
    return this.#own.setMicrophone(on);
  }

  setCamera(on: boolean): Promise<void> {
    return this.#own.setCamera(on);
  }

  setSharing(on: boolean): Promise<void> {
    return this.#own.setSharing(on);
  }

  setHand(up: boolean): Promise<void> {
    return this.#own.setHand(up);
  }

  /** Takes another camera, microphone or speaker, and keeps the choice. */
  async use(kind: 'camera' | 'microphone' | 'speaker', id: string): Promise<void> {
    if (kind !== 'speaker') return this.#own.use(kind, id);
    choose(kind, id);
    await this.#sounds.turn();
  }

  /** Plays what the browser held back; for a touch of the person. */
  unlock(): void {
    this.#sounds.unlock();
  }

  /** Says what the page wants to see, the most important first. */
  see(wishes: readonly Wish[]): void {
    this.#link.seeing.see(wishes);
  }

  /** Says whom else the page wants to see, after all others. */
  preview(wishes: readonly Wish[]): void {
    this.#link.seeing.preview(wishes);
  }

  /** Takes a note away that has been read. */
  noted(id: number): void {
    this.#board.unsay((note) => note.id === id);
  }

  /** Puts the host's question to turn the microphone on aside. */
  dismissUnmute(): void {
    this.#board.set({ askedToUnmute: false });
  }

  /** Writes a line into the chat; throws when it was not taken. */
  async say(text: string): Promise<void> {
    await this.ask({ say: { text } });
  }

  /** Brings older lines. */
  async recall(): Promise<void> {
    const oldest = this.#board.now.state.lines[0]?.id;
    if (this.#talk.used) await this.#bring({ recall: oldest ? { before: oldest } : {} });
  }

  /** Asks for something that is known from then on. */
  async #bring(message: Message): Promise<void> {
    this.#take(await this.#talk.tell(message));
  }

  /**
   * Says something that is not about media, and brings the answer; throws {@link Refused} when the server does not let us. While the
   * meeting moves, it is said where the meeting goes on.
   */
  ask(message: Message): Promise<FromServer> {
    return this.#talk.ask(message);
  }

  /** Does something about votes, and tells the answer; throws {@link Refused} when the server does not let us. */
  async vote(voting: Voting): Promise<FromServer> {
    const reply = await this.ask({ vote: voting });
    if (reply.votes) this.#take(reply);
    return reply;
  }

  /** What hosts do; throws {@link Refused} when the server does not let us. */
  async act(act: Act): Promise<void> {
    await this.ask({ act });
  }

  /** Says whether the person agrees to be recorded. */
  async consent(agree: boolean): Promise<void> {
    await this.#talk.tell({ consent: { agree } });
  }

  /** Leaves; the seat is given up at once. */
  async leave(): Promise<void> {
    const signal = this.#talk.used;
    this.#over('left');
    // The answer is not waited for longer than a person would.
    await Promise.race([signal?.ask({ leave: {} }).catch(ignore), new Promise((done) => setTimeout(done, 1000))]);
    signal?.close();
  }

  #over(why: Snapshot['why']): void {
    if (this.#board.over) return;
    this.#board.set({ phase: 'over', why });
    const signal = this.#talk.used;
    this.#talk.use(null);
    if (why !== 'left') signal?.close();
    this.#link.end();
    this.#moving.end();
    this.#own.end();
    this.#sounds.end();
  }

  /** Gives everything back when the page turns to something else. */
  close(): void {
    if (!this.#board.over) void this.leave();
  }
}

/** Why there is no way back, out of what stood in it; null when another try may find one. */
function final(thrown: unknown): Snapshot['why'] | null {
  if (thrown instanceof Refused) return thrown.reason === 'VERSION' ? 'lost' : null;
  if (!(thrown instanceof ApiError) || thrown.transient) return null;
  if (thrown.reason === 'MEETING_OVER') return 'ended';
  // Sent out by a host, or by the own body: it lets the person take part no more.
  return ['MEETING_REFUSED', 'MEETING_PASS'].includes(thrown.reason) ? 'removed' : 'lost';
}
