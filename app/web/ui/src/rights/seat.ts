import { createContext, useContext } from 'react';

/** Where rights are looked at from. */
export interface Seat {
  /** The supervision host: rights are looked at and asked about in every body below, and given in none. */
  above: boolean;
}

export const SeatContext = createContext<Seat>({ above: false });
export const useSeat = () => useContext(SeatContext);
