import { useT } from '@gonghui/ui/base';
import type { CSSProperties } from 'react';
import { Face } from '../parts/Face.tsx';
import { HandIcon, MicIcon, MoreIcon, PinIcon, StarIcon } from '../parts/icons.tsx';
import { Menu } from '../parts/Menu.tsx';
import { Picture } from '../parts/Picture.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import type { Tile as Shown } from '../room/stage.ts';
import { usePersonActs } from './usePersonActs.tsx';

interface Props {
  tile: Shown;
  pinned: boolean;
  pin: (tile: Shown | null) => void;
  style?: CSSProperties;
  large?: boolean;
}

/** One person, or what they share. */
export function Tile({ tile, pinned, pin, style, large = false }: Props) {
  const t = useT();
  const room = useRoom();
  const { state, picture, camera, microphone, tracks, views } = useSnapshot(room);
  const person = state.persons.find((one) => one.participant === tile.participant);
  const acts = usePersonActs();
  if (!person) return null;
  const own = person.participant === state.me;
  const screen = tile.source === 'screen';
  const view = views.find((one) => one.participant === tile.participant && one.source === tile.source);
  const came = view ? (tracks[view.mid] ?? null) : null;
  const visible = own ? camera : screen ? person.sharing : person.camera;
  const speaks = own ? microphone : person.microphone;
  const heard = own || Object.values(state.heard).includes(person.participant);
  const speaking = !screen && speaks && heard && state.speaker === person.participant;
  const label = screen ? t('meet.tile.screen', { name: person.name }) : person.name;
  const said = [person.post, person.body].filter(Boolean).join(' · ');
  return (
    <li
      className={`tile${speaking ? ' speaking' : ''}${large ? ' large' : ''}${screen ? ' screen' : ''}`}
      style={style}
      data-participant={person.participant}
      data-source={tile.source}
    >
      {!screen && !person.away && <Face name={person.name} id={person.participant} />}
      {visible && (
        <Picture
          track={own ? picture : came}
          label={screen ? label : t('meet.tile.video', { name: person.name })}
          mirror={own}
          whole={screen}
          of={own ? '' : person.participant}
        />
      )}
      {person.away && <p className="tile-away">{t('meet.tile.away')}</p>}
      {person.hand > 0 && !screen && (
        <span className="tile-hand" role="img" aria-label={t('meet.tile.hand')}>
          <HandIcon />
        </span>
      )}
      <div className="tile-foot">
        {!screen && !speaks && (
          <span className="tile-mic" role="img" aria-label={t('meet.tile.muted')}>
            <MicIcon off />
          </span>
        )}
        {state.room.spotlight === person.participant && !screen && (
          <span className="tile-mic" role="img" aria-label={t('meet.tile.spotlight')}>
            <StarIcon />
          </span>
        )}
        <span className="tile-name">
          {label}
          {own && !screen && <span className="tile-sub">{t('meet.tile.you')}</span>}
          {large && said && <span className="tile-sub">{said}</span>}
        </span>
        {speaking && <span className="unseen">{t('meet.tile.speaking')}</span>}
      </div>
      <div className="tile-acts">
        <button
          type="button"
          className="over"
          aria-pressed={pinned}
          aria-label={`${t(pinned ? 'meet.tile.unpin' : 'meet.tile.pin')}: ${label}`}
          title={t(pinned ? 'meet.tile.unpin' : 'meet.tile.pin')}
          onClick={() => pin(pinned ? null : tile)}
        >
          <PinIcon />
        </button>
        <Menu label={t('meet.tile.acts', { name: person.name })} className="over" acts={acts(person)}>
          <MoreIcon />
        </Menu>
      </div>
    </li>
  );
}
