import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Room, Snapshot } from '../room/room.ts';

export const RoomContext = createContext<Room | null>(null);

/** The meeting of this page. Only inside one. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('useRoom outside a meeting');
  return room;
}

/** How the meeting stands; the component is drawn again when that changes. */
export function useSnapshot(room: Room): Snapshot {
  return useSyncExternalStore(room.subscribe, room.snapshot);
}
