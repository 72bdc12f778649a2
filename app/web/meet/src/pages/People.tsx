import { useT } from '@gonghui/ui/base';
import { useContext, useState } from 'react';
import { Face } from '../parts/Face.tsx';
import { CameraIcon, HandIcon, MicIcon, MoreIcon, ScreenIcon } from '../parts/icons.tsx';
import { Menu } from '../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { found, hands, leads, listed, ownPerson } from '../room/state.ts';
import type { Knock, Person } from '../signal/messages.ts';
import { ListenersPart, Marked, SendersPart } from './inside/panels.tsx';
import { AskContext, useDo, usePersonActs } from './usePersonActs.tsx';

/** Who is there, and who waits; hosts act here. */
export function People() {
  const t = useT();
  const { state } = useSnapshot(useRoom());
  const [words, setWords] = useState('');
  const lead = leads(ownPerson(state));
  const all = listed(state);
  const people = found(all, words);
  return (
    <div className="people">
      {lead && state.knocks.length > 0 && <Door knocks={state.knocks} />}
      {all.length > 8 && (
        <input
          type="search"
          className="input"
          aria-label={t('meet.people.search')}
          placeholder={t('meet.people.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      {people.length === 0 && <p className="quiet">{t('meet.people.none')}</p>}
      <ul className="rows">
        {people.map((person) => (
          <Row key={person.participant} person={person} />
        ))}
      </ul>
      <ListenersPart />
      {lead && <Lead />}
    </div>
  );
}

function Door({ knocks }: { knocks: readonly Knock[] }) {
  const t = useT();
  const run = useDo();
  return (
    <section className="door-list">
      <header>
        <h3>{t('meet.people.waiting', { count: knocks.length })}</h3>
        {knocks.length > 1 && (
          <button type="button" className="link" onClick={() => run({ do: 'admit-all' })}>
            {t('meet.people.admitAll')}
          </button>
        )}
      </header>
      <ul className="rows">
        {knocks.map(({ participant, name, post, body, guest }) => (
          <li key={participant} className="row">
            <Face name={name} id={participant} />
            <div className="row-text">
              <span className="row-name">{name}</span>
              <span className="row-sub">{[guest && t('meet.guest'), post, body].filter(Boolean).join(' · ')}</span>
              <span className="row-buttons">
                <button type="button" className="button small" onClick={() => run({ do: 'refuse', participant })}>
                  {t('meet.people.refuse')}
                </button>
                <button type="button" className="button small main" onClick={() => run({ do: 'admit', participant })}>
                  {t('meet.people.admit')}
                </button>
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ person }: { person: Person }) {
  const t = useT();
  const { state } = useSnapshot(useRoom());
  const acts = usePersonActs();
  const raised = hands(state.persons).findIndex((one) => one.participant === person.participant) + 1;
  const role = person.role !== 'speaker' && t(`meet.role.${person.role}`);
  return (
    <li className={`row${person.away ? ' away' : ''}`} data-participant={person.participant}>
      <Face name={person.name} id={person.participant} />
      <div className="row-text">
        <span className="row-name">
          {person.name}
          {person.participant === state.me && <span className="tag">{t('meet.tile.you')}</span>}
          {role && <span className="tag role">{role}</span>}
          {person.guest && <span className="tag">{t('meet.guest')}</span>}
          {person.stenographer && <span className="tag">{t('meet.inside.captions.writer')}</span>}
        </span>
        <span className="row-sub">
          {person.away ? t('meet.tile.away') : [person.post, person.body].filter(Boolean).join(' · ')}
        </span>
      </div>
      <span className="row-signs">
        {raised > 0 && (
          <span className="sign hand num" role="img" aria-label={t('meet.people.handNo', { no: raised })}>
            <HandIcon />
            {raised}
          </span>
        )}
        {person.sharing && (
          <span className="sign good" role="img" aria-label={t('meet.tile.screen', { name: person.name })}>
            <ScreenIcon />
          </span>
        )}
        {person.role !== 'audience' && (
          <>
            <span className={`sign${person.microphone ? ' good' : ''}`}>
              <MicIcon off={!person.microphone} />
              {!person.microphone && <span className="unseen">{t('meet.tile.muted')}</span>}
            </span>
            <span className="sign">
              <CameraIcon off={!person.camera} />
            </span>
          </>
        )}
        <Menu label={t('meet.tile.acts', { name: person.name })} acts={acts(person)}>
          <MoreIcon />
        </Menu>
      </span>
    </li>
  );
}

/** What hosts do with all of them. */
function Lead() {
  const t = useT();
  const { state } = useSnapshot(useRoom());
  const { ask } = useContext(AskContext);
  const run = useDo();
  const { room } = state;
  const switches = [
    { key: 'lock', on: room.locked, text: 'meet.people.lock', hint: 'meet.people.lockHint' },
    { key: 'waiting-room', on: room.waitingRoom, text: 'meet.people.waitingRoom' },
    { key: 'chat', on: room.chat, text: 'meet.people.chat' },
  ] as const;
  return (
    <footer className="lead">
      <div className="lead-buttons">
        <button
          type="button"
          className="button small"
          onClick={() =>
            ask({
              title: t('meet.people.muteAllAsk'),
              body: t('meet.people.muteAllBody'),
              text: t('meet.people.muteAll'),
              tone: 'main',
              act: { do: 'mute-all', on: true },
              milder: { text: t('meet.people.allowSelf'), act: { do: 'mute-all', on: false } },
            })
          }
        >
          {t('meet.people.muteAll')}
        </button>
        {room.muted && (
          <button type="button" className="button small" onClick={() => run({ do: 'allow-unmute' })}>
            {t('meet.people.allowUnmute')}
          </button>
        )}
        {hands(state.persons).length > 0 && (
          <button type="button" className="button small" onClick={() => run({ do: 'lower-hands' })}>
            {t('meet.people.lowerHands')}
          </button>
        )}
      </div>
      {switches.map(({ key, on, text, ...rest }) => (
        <label key={key} className="switch">
          <span>
            {t(text)}
            {'hint' in rest && <span className="row-sub">{t(rest.hint)}</span>}
          </span>
          <input
            type="checkbox"
            role="switch"
            aria-checked={on}
            checked={on}
            onChange={() => run({ do: key, on: !on })}
          />
        </label>
      ))}
      <SendersPart />
      <Marked />
    </footer>
  );
}
