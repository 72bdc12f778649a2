import { describe, expect, test } from 'vitest';
import { deviceName } from './device.ts';

describe('deviceName', () => {
  test.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
      'Chrome 156 · Linux',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
      'Safari 19 · iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15; 2407) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0',
      'WeChat 8 · Android 15',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/147.0 Safari/537.36 Edg/147.0',
      'Edge 147 · Windows',
    ],
    ['Mozilla/5.0 (Linux; Android 15', 'Android 15'],
    ['Edge \u00b7 Windows', 'Edge \u00b7 Windows'],
    ['curl/8.9', 'curl/8.9'],
    ['', ''],
  ])('%s', (agent, name) => expect(deviceName(agent)).toBe(name));
});
