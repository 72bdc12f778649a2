import { useT } from '@gonghui/ui/base';
import { type FormEvent, useContext, useState } from 'react';
import { Ask } from '../../parts/Dialog.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { leads, ownPerson } from '../../room/state.ts';
import type { BreakoutRoom } from '../../signal/inside.ts';
import { AskContext } from '../usePersonActs.tsx';
import { useTell } from './useInside.ts';

/** Breakout rooms at most; the server makes no more. */
const MOST = 50;
const LONGEST_NAME = 30;
const LONGEST_TEXT = 200;
const times = [0, 5, 10, 15, 20, 30, 45, 60, 90];

/** Breakout rooms: made, filled, opened and closed by hosts; chosen by the others where they may. */
export default function RoomsPanel() {
  const { state } = useSnapshot(useRoom());
  if (!leads(ownPerson(state))) return <Choose />;
  return <div className="inside">{state.inside.rooms.list.length === 0 ? <Make /> : <Manage key="manage" />}</div>;
}

function Choose() {
  const t = useT();
  const tell = useTell();
  const { rooms, breakout } = useSnapshot(useRoom()).state.inside;
  return (
    <div className="inside">
      <p className="quiet">{t('meet.inside.rooms.pickBody')}</p>
      <ul className="rows">
        {rooms.list.map(({ id, name, people }) => (
          <li key={id} className="row">
            <div className="row-text">
              <span className="row-name">{name}</span>
              <span className="row-sub num">{t('meet.inside.rooms.people', { count: people })}</span>
            </div>
            {id === breakout ? (
              <span className="tag role">{t('meet.inside.rooms.here')}</span>
            ) : (
              <button
                type="button"
                className="button small"
                aria-label={t('meet.inside.rooms.visitOf', { name })}
                disabled={!rooms.choice || !rooms.open}
                onClick={() => void tell({ breakout: { do: 'go', room: id } })}
              >
                {t('meet.inside.rooms.join')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Make() {
  const t = useT();
  const tell = useTell();
  const { state } = useSnapshot(useRoom());
  const fit = Math.min(8, Math.max(2, Math.round(state.persons.length / 4)));
  const [count, setCount] = useState(fit);
  const [named, setNamed] = useState<Record<number, string>>({});
  const nameOf = (i: number) => named[i] ?? t('meet.inside.rooms.nameOf', { no: i + 1 });
  const names = Array.from({ length: count }, (_, i) => nameOf(i).trim());
  const wrong = names.some((name, i) => !name || names.indexOf(name) !== i);
  const make = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) void tell({ breakout: { do: 'rooms', names } });
  };
  return (
    <form onSubmit={make}>
      <p className="quiet">{t('meet.inside.rooms.about')}</p>
      <div className="field">
        <label htmlFor="rooms-count">{t('meet.inside.rooms.count')}</label>
        <input
          id="rooms-count"
          className="input num"
          type="number"
          min={1}
          max={MOST}
          value={count}
          onChange={(event) => setCount(Math.min(MOST, Math.max(1, Math.floor(Number(event.target.value)) || 1)))}
        />
      </div>
      <ol className="room-names">
        {names.map((_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a room is its number here
          <li key={i}>
            <input
              className="input"
              aria-label={t('meet.inside.rooms.name', { no: i + 1 })}
              maxLength={LONGEST_NAME}
              value={nameOf(i)}
              aria-invalid={!names[i] || names.indexOf(names[i] ?? '') !== i}
              onChange={(event) => setNamed({ ...named, [i]: event.target.value })}
            />
          </li>
        ))}
      </ol>
      <button type="submit" className="button main wide" disabled={wrong}>
        {t('meet.inside.rooms.make')}
      </button>
    </form>
  );
}

function Manage() {
  const t = useT();
  const tell = useTell();
  const { state } = useSnapshot(useRoom());
  const { rooms, breakout } = state.inside;
  const [picked, pick] = useState<readonly string[]>([]);
  const [minutes, setMinutes] = useState(15);
  const [asking, ask] = useState(false);
  const placed = new Set(rooms.list.flatMap((one) => one.members.map((m) => m.participant)));
  const free = breakout ? [] : state.persons.filter((one) => !placed.has(one.participant) && !leads(one));
  const toggle = (id: string) => pick(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
  const move = (room: string) => {
    void tell({ breakout: { do: 'assign', moves: picked.map((participant) => ({ participant, room })) } });
    pick([]);
  };
  const closing = rooms.closing > 0;
  return (
    <>
      <div className="inside-acts">
        {rooms.open ? (
          <>
            {!closing && (
              <button
                type="button"
                className="button small bad"
                onClick={() => void tell({ breakout: { do: 'close' } })}
              >
                {t('meet.inside.rooms.close')}
              </button>
            )}
            <button
              type="button"
              className="button small"
              onClick={() => void tell({ breakout: { do: 'close', on: true } })}
            >
              {t('meet.inside.rooms.closeNow')}
            </button>
          </>
        ) : (
          <>
            <label className="time">
              {t('meet.inside.rooms.minutes')}
              <select className="input" value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
                {times.map((n) => (
                  <option key={n} value={n}>
                    {n ? t('meet.inside.rooms.minutesN', { count: n }) : t('meet.inside.rooms.noLimit')}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              className="button small main"
              onClick={() => void tell({ breakout: { do: 'open', minutes } })}
            >
              {t('meet.inside.rooms.start')}
            </button>
          </>
        )}
        {free.length > 0 && (
          <button type="button" className="button small" onClick={() => void tell({ breakout: { do: 'shuffle' } })}>
            {t('meet.inside.rooms.shuffle')}
          </button>
        )}
        {!rooms.open && (
          <button type="button" className="button small" onClick={() => ask(true)}>
            {t('meet.inside.rooms.again')}
          </button>
        )}
      </div>
      <label className="switch">
        <span>{t('meet.inside.rooms.choice')}</span>
        <input
          type="checkbox"
          role="switch"
          aria-checked={rooms.choice}
          checked={rooms.choice}
          onChange={() => void tell({ breakout: { do: 'choice', on: !rooms.choice } })}
        />
      </label>
      {rooms.open && <Broadcast />}
      {picked.length > 0 && (
        <div className="moving">
          <label>
            {t('meet.inside.rooms.moveTo', { count: picked.length })}
            <select className="input" value="" onChange={(event) => move(event.target.value.slice(1))}>
              <option value="" disabled>
                {t('meet.inside.rooms.move')}
              </option>
              {rooms.list.map(({ id, name }) => (
                <option key={id} value={`r${id}`}>
                  {name}
                </option>
              ))}
              <option value="r">{t('meet.inside.rooms.main')}</option>
            </select>
          </label>
        </div>
      )}
      {free.length > 0 && (
        <section>
          <h3>{t('meet.inside.rooms.unassigned', { count: free.length })}</h3>
          <p className="quiet">{t('meet.inside.rooms.unassignedHint')}</p>
          <ul className="rows">
            {free.map(({ participant, name }) => (
              <Pick key={participant} name={name} on={picked.includes(participant)} turn={() => toggle(participant)} />
            ))}
          </ul>
        </section>
      )}
      {rooms.list.map((one) => (
        <One key={one.id} room={one} here={one.id === breakout} open={rooms.open} picked={picked} toggle={toggle} />
      ))}
      {asking && (
        <Ask
          title={t('meet.inside.rooms.againAsk')}
          body={<p>{t('meet.inside.rooms.againBody')}</p>}
          close={() => ask(false)}
          acts={[
            {
              text: t('meet.inside.rooms.again'),
              tone: 'bad',
              run: () => void tell({ breakout: { do: 'rooms', names: [] } }),
            },
          ]}
        />
      )}
    </>
  );
}

function Pick({ name, sub, on, turn }: { name: string; sub?: string; on: boolean; turn: () => void }) {
  return (
    <li className="row pick">
      <label>
        <input type="checkbox" checked={on} onChange={turn} />
        <span className="row-name">{name}</span>
        {sub && <span className="row-sub">{sub}</span>}
      </label>
    </li>
  );
}

interface OneProps {
  room: BreakoutRoom;
  here: boolean;
  open: boolean;
  picked: readonly string[];
  toggle: (participant: string) => void;
}

function One({ room, here, open, picked, toggle }: OneProps) {
  const t = useT();
  const tell = useTell();
  const { state } = useSnapshot(useRoom());
  const { id, name, members, help } = room;
  return (
    <section className={`one-room${help ? ' calls' : ''}`} aria-label={name}>
      <header>
        <h3>
          {name}
          <span className="row-sub num">{t('meet.inside.rooms.people', { count: members.length })}</span>
        </h3>
        {here && <span className="tag role">{t('meet.inside.rooms.here')}</span>}
        {open && !here && (
          <button
            type="button"
            className={`button small${help ? ' main' : ''}`}
            aria-label={t('meet.inside.rooms.visitOf', { name })}
            onClick={() => void tell({ breakout: { do: 'go', room: id } })}
          >
            {t('meet.inside.rooms.visit')}
          </button>
        )}
      </header>
      {help && (
        <p className="calls-for" role="status">
          {t('meet.inside.rooms.helps', { name: help })}
        </p>
      )}
      {members.length === 0 && <p className="quiet">{t('meet.inside.rooms.empty')}</p>}
      <ul className="rows">
        {members
          .filter(({ participant }) => participant !== state.me)
          .map(({ participant, name: who, away }) => (
            <Pick
              key={participant}
              name={who}
              sub={away ? t('meet.inside.rooms.away') : undefined}
              on={picked.includes(participant)}
              turn={() => toggle(participant)}
            />
          ))}
      </ul>
    </section>
  );
}

function Broadcast() {
  const t = useT();
  const tell = useTell();
  const { say } = useContext(AskContext);
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    void tell({ breakout: { do: 'say', text: text.trim() } }).then((done) => {
      if (!done) return;
      setText('');
      say(t('meet.inside.rooms.sent'));
    });
  };
  return (
    <form className="broadcast" onSubmit={send}>
      <input
        className="input"
        aria-label={t('meet.inside.rooms.say')}
        placeholder={t('meet.inside.rooms.say')}
        maxLength={LONGEST_TEXT}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button small" disabled={!text.trim()}>
        {t('meet.inside.rooms.send')}
      </button>
    </form>
  );
}
