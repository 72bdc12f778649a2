import { expect, test } from 'vitest';
import { meetingAt } from './meeting.ts';

test.each([
  ['1234567890', '', '/meet/1234567890'],
  ['1234567890', '?for=440103', '/meet/1234567890?for=440103'],
  ['12345678901', '', '/meet/'],
  ['//other.example', '?for=440103', '/meet/'],
])('%s%s leads to %s', (number, search, at) => expect(meetingAt(number, search)).toBe(at));
