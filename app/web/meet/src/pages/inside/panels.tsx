import { useT } from '@gonghui/ui/base';
import { lazy, Suspense } from 'react';
import { AgendaIcon } from '../../parts/agendaIcons.tsx';
import { CaptionIcon, RoomsIcon, VenueIcon } from '../../parts/insideIcons.tsx';
import type { MenuAct } from '../../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { leads, ownPerson } from '../../room/state.ts';
import { useTell } from './useInside.ts';

/** Panels that are fetched when they are first opened. */
export type Inner = 'rooms' | 'venue' | 'captions' | 'agenda';

const panels = {
  rooms: lazy(() => import('./RoomsPanel.tsx')),
  venue: lazy(() => import('./VenuePanel.tsx')),
  captions: lazy(() => import('./WritePanel.tsx')),
  agenda: lazy(() => import('../agenda/AgendaPanel.tsx')),
};
const Captions = lazy(() => import('./Captions.tsx'));
const Watermark = lazy(() => import('./Watermark.tsx'));
const AgendaLine = lazy(() => import('../agenda/AgendaLine.tsx'));
const SendersChoice = lazy(() => import('../agenda/SendersChoice.tsx'));
const Listeners = lazy(() => import('./Listeners.tsx'));

export const isInner = (panel: string | null): panel is Inner => panel !== null && panel in panels;

export function InnerPanel({ which }: { which: Inner }) {
  const Panel = panels[which];
  return (
    <Suspense>
      <Panel />
    </Suspense>
  );
}

/** Those who only listen, when there are some. */
export function ListenersPart() {
  const { listeners } = useSnapshot(useRoom()).state.inside;
  if (listeners === 0) return null;
  return (
    <Suspense>
      <Listeners />
    </Suspense>
  );
}

/** What lies over the pictures: the captions, when there are some, and the watermark. */
export function OverStage() {
  const { captions, draft, mark } = useSnapshot(useRoom()).state.inside;
  return (
    <Suspense>
      {(draft || captions.length > 0) && <Captions />}
      {mark && <Watermark />}
    </Suspense>
  );
}

/** Where the meeting is in its agenda, when it is at an item. */
export function AgendaPart({ open }: { open: () => void }) {
  const { agenda } = useSnapshot(useRoom()).state.room;
  if (!agenda.item) return null;
  return (
    <Suspense>
      <AgendaLine open={open} />
    </Suspense>
  );
}

/** Who sends files in the chat, for hosts to set. */
export function SendersPart() {
  return (
    <Suspense>
      <SendersChoice />
    </Suspense>
  );
}

/** useInnerActs are the ways to these panels, for whom they are. */
export function useInnerActs(open: (which: Inner) => void): MenuAct[] {
  const t = useT();
  const { state } = useSnapshot(useRoom());
  const { rooms } = state.inside;
  const lead = leads(ownPerson(state));
  const all: (MenuAct | false)[] = [
    { key: 'agenda', text: t('meet.inside.agenda.title'), icon: <AgendaIcon />, run: () => open('agenda') },
    (lead || (rooms.open && rooms.choice)) && {
      key: 'rooms',
      text: t('meet.inside.rooms.open'),
      icon: <RoomsIcon />,
      run: () => open('rooms'),
    },
    lead && {
      key: 'venue',
      text: t('meet.inside.venue.open'),
      icon: <VenueIcon />,
      run: () => open('venue'),
    },
    ownPerson(state)?.stenographer === true && {
      key: 'captions',
      text: t('meet.inside.captions.open'),
      icon: <CaptionIcon />,
      run: () => open('captions'),
    },
  ];
  return all.filter((one) => one !== false);
}

/** Whether everybody sees their own name over what is shown, for hosts to set. */
export function Marked() {
  const t = useT();
  const tell = useTell();
  const { watermark } = useSnapshot(useRoom()).state.room;
  return (
    <label className="switch">
      <span>
        {t('meet.inside.watermark')}
        <span className="row-sub">{t('meet.inside.watermarkHint')}</span>
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={watermark}
        checked={watermark}
        onChange={() => void tell({ set: { watermark: !watermark } })}
      />
    </label>
  );
}
