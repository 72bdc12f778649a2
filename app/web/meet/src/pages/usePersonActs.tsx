import { ApiError } from '@gonghui/api';
import { useT } from '@gonghui/ui/base';
import { createContext, useContext } from 'react';
import type { MenuAct } from '../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { leads, ownPerson } from '../room/state.ts';
import { Refused } from '../signal/client.ts';
import type { Act, Person } from '../signal/messages.ts';
import { useTell } from './inside/useInside.ts';

/** A question before an act that others feel. */
export interface Question {
  title: string;
  body: string;
  text: string;
  tone: 'bad' | 'main';
  act: Act;
  /** A milder way to do it. */
  milder?: { text: string; act: Act };
}

export interface Asking {
  ask: (question: Question) => void;
  /** Says something for a moment. */
  say: (text: string) => void;
}

export const AskContext = createContext<Asking>({ ask: () => undefined, say: () => undefined });

/** useDo does what hosts do, and says so when the server does not let us. */
export function useDo(): (act: Act) => void {
  const t = useT();
  const room = useRoom();
  const { say } = useContext(AskContext);
  return (act) =>
    void room.act(act).catch((thrown: unknown) => {
      const right = thrown instanceof Refused && thrown.reason === 'RIGHT';
      const gone = thrown instanceof Refused && thrown.reason === 'GONE';
      if (!gone) say(right || thrown instanceof ApiError ? t('meet.note.noRight') : t('meet.note.refused'));
    });
}

/** usePersonActs says what the page's own person may do to another; nothing for who does not lead. */
export function usePersonActs(): (person: Person) => MenuAct[] {
  const t = useT();
  const room = useRoom();
  const { state } = useSnapshot(room);
  const { ask } = useContext(AskContext);
  const run = useDo();
  const tell = useTell();
  const me = ownPerson(state);
  return (person) => {
    if (!leads(me) || !me) return [];
    const { participant, name } = person;
    const own = participant === me.participant;
    const spot = state.room.spotlight === participant;
    // The host is nobody's to act on, and co-hosts are the host's alone.
    const mine = own || me.role === 'host' || !leads(person);
    const all: (MenuAct | false)[] = [
      mine &&
        !own &&
        person.microphone && { key: 'mute', text: t('meet.people.mute'), run: () => run({ do: 'mute', participant }) },
      mine &&
        !own &&
        !person.microphone &&
        person.role !== 'audience' && {
          key: 'ask',
          text: t('meet.people.askUnmute'),
          run: () => run({ do: 'ask-unmute', participant }),
        },
      mine &&
        !own &&
        person.camera && {
          key: 'camera',
          text: t('meet.people.stopVideo'),
          run: () => run({ do: 'stop-camera', participant }),
        },
      mine &&
        !own &&
        person.sharing && {
          key: 'sharing',
          text: t('meet.people.stopSharing'),
          run: () => run({ do: 'stop-sharing', participant }),
        },
      mine &&
        person.hand > 0 && {
          key: 'hand',
          text: t('meet.people.lowerHand'),
          run: () => run({ do: 'lower-hand', participant }),
        },
      {
        key: 'spotlight',
        text: t(spot ? 'meet.people.unspotlight' : 'meet.people.spotlight'),
        run: () => run({ do: 'spotlight', participant: spot ? '' : participant }),
      },
      me.role === 'host' &&
        !own &&
        !person.guest &&
        person.role !== 'cohost' && {
          key: 'cohost',
          text: t('meet.people.makeCohost'),
          run: () => run({ do: 'role', participant, role: 'cohost' }),
        },
      !own &&
        (person.role === 'audience' || (person.role === 'cohost' && me.role === 'host')) && {
          key: 'speaker',
          text: t('meet.people.makeSpeaker'),
          run: () => run({ do: 'role', participant, role: 'speaker' }),
        },
      !own &&
        person.role === 'speaker' && {
          key: 'audience',
          text: t('meet.people.makeAudience'),
          run: () => run({ do: 'role', participant, role: 'audience' }),
        },
      me.role === 'host' &&
        !own &&
        !person.guest && {
          key: 'host',
          text: t('meet.people.makeHost'),
          run: () =>
            ask({
              title: t('meet.people.makeHostAsk', { name }),
              body: t('meet.people.makeHostBody'),
              text: t('meet.people.makeHost'),
              tone: 'main',
              act: { do: 'role', participant, role: 'host' },
            }),
        },
      mine && {
        key: 'writer',
        text: t(person.stenographer ? 'meet.inside.captions.dropWriter' : 'meet.inside.captions.makeWriter'),
        run: () => void tell({ set: { stenographer: participant, on: !person.stenographer } }),
      },
      mine &&
        !own && {
          key: 'remove',
          tone: 'bad',
          text: t('meet.people.remove'),
          run: () =>
            ask({
              title: t('meet.people.removeAsk', { name }),
              body: t('meet.people.removeBody'),
              text: t('meet.people.remove'),
              tone: 'bad',
              act: { do: 'remove', participant },
            }),
        },
    ];
    return all.filter((one) => one !== false);
  };
}
