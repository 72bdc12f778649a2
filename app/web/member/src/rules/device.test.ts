import { expect, test } from 'vitest';
import { visitOf } from './device.ts';

const android = 'Mozilla/5.0 (Linux; Android 14; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko)';
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const mac =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15';

test.each([
  ['Chrome on Android', `${android} Chrome/126.0.0.0 Mobile Safari/537.36`, 0, 'android', '', false],
  [
    'HarmonyOS 4 runs packages',
    'Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) HuaweiBrowser/15.0 Mobile',
    5,
    'android',
    '',
    false,
  ],
  [
    'HarmonyOS 5',
    'Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1.6.1 Mobile',
    5,
    'harmony',
    '',
    false,
  ],
  ['Safari on an iPhone', `${iphone} Version/17.5 Mobile/15E148 Safari/604.1`, 5, 'ios', '', false],
  ['Chrome on an iPhone', `${iphone} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1`, 5, 'ios', '', true],
  ['an iPad that calls itself a Macintosh', mac, 5, 'ios', '', false],
  ['a Macintosh', mac, 0, 'desktop', '', false],
  [
    'WeChat on Android',
    `${android} Chrome/120.0 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.49(0x28003133)`,
    5,
    'android',
    'wechat',
    false,
  ],
  ['WeChat on an iPhone', `${iphone} Mobile/15E148 MicroMessenger/8.0.49`, 5, 'ios', 'wechat', false],
  [
    'WeChat on a computer',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/107 Safari/537.36 MicroMessenger/7.0 WindowsWechat',
    0,
    'desktop',
    'wechat',
    false,
  ],
  [
    'QQ',
    `${android} Chrome/109 MQQBrowser/6.2 Mobile Safari/537.36 V1_AND_SQ_9.0 QQ/9.0.65.17370`,
    5,
    'android',
    'qq',
    false,
  ],
  ['the browser of QQ', `${android} Chrome/109 MQQBrowser/14.9 Mobile Safari/537.36`, 5, 'android', '', false],
  ['Alipay', `${android} Chrome/105 Mobile AlipayClient/10.6`, 5, 'android', 'alipay', false],
])('%s', (_, agent, touches, device, inside, notSafari) => {
  expect(visitOf(agent, touches)).toEqual({ device, inside, notSafari, own: false });
});

test('the own app knows itself', () => {
  expect(visitOf(`${android} Chrome/126 Mobile Safari/537.36 GonghuiShell/1.0`).own).toBe(true);
});
