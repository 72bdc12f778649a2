import { expect, test } from 'vitest';
import { asking, tuned } from './sdp.ts';

const answer = [
  'v=0',
  'a=group:BUNDLE 0 1 2',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=recvonly',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:1',
  'a=sendonly',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:2',
  'a=rtpmap:111 opus/48000/2',
  '',
].join('\r\n');

test('microphone and shared sound never pause, shared sound is stereo, and what is heard stays as it is', () => {
  const said = tuned(answer, { 0: 'microphone', 2: 'screen-sound' }).split('\r\n');
  expect(said[6]).toBe('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=0;stereo=0;maxaveragebitrate=32000');
  expect(said[11]).toBe('a=fmtp:111 minptime=10;useinbandfec=1');
  expect(said[15]).toBe('a=fmtp:111 useinbandfec=1;usedtx=0;stereo=1;sprop-stereo=1;maxaveragebitrate=96000');
  expect(said).toHaveLength(17);
});

test('an answer without these lines is left alone', () => {
  expect(tuned(answer, {})).toBe(answer);
});

test('the server may ask again for what the microphone sends twice', () => {
  const line = (direction: string, ...more: string[]) => [
    'm=audio 9 UDP/TLS/RTP/SAVPF 63 111',
    `a=${direction}`,
    ...more,
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
  ];
  const red = 'a=rtpmap:63 red/48000/2';
  const offer = ['v=0', ...line('sendonly', red), ...line('recvonly', red), ...line('sendonly'), ''].join('\r\n');
  const said = asking(offer).split('\r\n');
  expect(said.filter((one) => one === 'a=rtcp-fb:111 nack')).toHaveLength(1);
  expect(said[5]).toBe('a=rtcp-fb:111 nack');
  expect(asking(said.join('\r\n'))).toBe(said.join('\r\n'));
});
