import { afterEach, expect, test } from 'vitest';
import { configuration, relayOnly, setRelayOnly } from './relays.ts';

const relays = [{ urls: ['turn:192.0.2.1:3478?transport=udp'], username: 'u', credential: 'c' }];

afterEach(() => setRelayOnly(false));

test('a connection takes any way, and knows the relays it is given', () => {
  expect(relayOnly()).toBe(false);
  expect(configuration(relays)).toMatchObject({ iceTransportPolicy: 'all', iceServers: relays });
});

test('a restricted network is tried by the relay alone', () => {
  setRelayOnly(true);
  expect(configuration([])).toMatchObject({ iceTransportPolicy: 'relay', iceServers: [] });
});
