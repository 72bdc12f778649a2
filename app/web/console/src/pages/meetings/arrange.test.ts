import { describe, expect, it } from 'vitest';
import { bar, hourOn, hoursOf, remindingOf, spanOf, spot } from './arrange.ts';

const booking = (from: string, to: string) => ({ startsAt: `2026-11-24T${from}Z`, endsAt: `2026-11-24T${to}Z` });

describe('what is arranged around meetings', () => {
  it('is half an hour where nothing is said, and no text message without a time for it', () => {
    expect(remindingOf(undefined)).toEqual({ before: [30], text: false });
    expect(remindingOf({ before: [], text: true })).toEqual({ before: [], text: false });
    expect(remindingOf({ before: [10, 60], text: true })).toEqual({ before: [10, 60], text: true });
  });

  it('names a room with where it is, if that is known', () => {
    expect(spot({ name: '三楼会议室', location: '1 号楼' })).toBe('三楼会议室 · 1 号楼');
    expect(spot({ name: '三楼会议室', location: '' })).toBe('三楼会议室');
  });

  it('draws a day of Asia/Shanghai from eight to eight, and wider where something is booked', () => {
    expect(hoursOf('2026-11-24', [])).toEqual([8, 20]);
    // 06:30 to 07:00, and 21:00 to 22:30 there.
    expect(hoursOf('2026-11-25', [{ startsAt: '2026-11-24T22:30:00Z', endsAt: '2026-11-24T23:00:00Z' }])).toEqual([
      6, 20,
    ]);
    expect(hoursOf('2026-11-24', [booking('13:00:00', '14:30:00')])).toEqual([8, 23]);
    expect(hourOn('2026-11-25', '2026-11-24T10:00:00Z')).toBe(0);
    expect(hourOn('2026-11-24', '2026-11-25T10:00:00Z')).toBe(24);
  });

  it('puts a booking where it belongs on its line', () => {
    const one = booking('02:00:00', '05:00:00');
    expect(bar('2026-11-24', one, [8, 20])).toEqual({ '--left': '16.67%', '--width': '25.00%' });
    expect(spanOf(one)).toBe('10:00–13:00');
  });
});
