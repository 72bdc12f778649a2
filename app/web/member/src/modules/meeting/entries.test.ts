import { describe, expect, it } from 'vitest';
import { ahead, dayOf, type Entry, span, wayTo } from './entries.ts';

const entry = (more: Partial<Entry> = {}): Entry => ({
  id: '1',
  number: '1234567890',
  title: '例会',
  startsAt: '2026-11-23T16:30:00Z',
  minutes: 45,
  state: 'planned',
  hostName: '张三',
  bodyCode: '',
  bodyName: '',
  ownRole: 'speaker',
  answer: '',
  page: '',
  repeats: false,
  place: '',
  ...more,
});

describe('entries of the calendar', () => {
  it('stand on the day and at the time of Asia/Shanghai', () => {
    expect(dayOf('2026-11-23T16:30:00Z')).toBe('2026-11-24');
    expect(span(entry())).toBe('00:30–01:15');
  });

  it('lead to the meeting, of another body by way of the own host', () => {
    expect(wayTo(entry())).toBe('/meet/1234567890');
    expect(wayTo(entry({ bodyCode: '440100' }))).toBe('/meet/1234567890?for=440100');
  });

  it('are ahead until they are over or called off', () => {
    const end = new Date('2026-11-23T17:15:00Z').getTime();
    expect(ahead(entry(), end - 1)).toBe(true);
    expect(ahead(entry(), end)).toBe(false);
    expect(ahead(entry({ state: 'live' }), end + 1)).toBe(true);
    expect(ahead(entry({ state: 'cancelled' }), 0)).toBe(false);
  });
});
