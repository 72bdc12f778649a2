/** What somebody holds in the hand, as far as it decides how the app gets onto it. */
export type Device = 'android' | 'ios' | 'harmony' | 'desktop';

export const devices: readonly Device[] = ['android', 'ios', 'harmony', 'desktop'];

export interface Visit {
  device: Device;
  /** Another app shows the page and keeps downloads to itself: "wechat", "alipay", "dingtalk", "qq"; empty in a browser. */
  inside: '' | 'wechat' | 'alipay' | 'dingtalk' | 'qq';
  /** On an iPhone or iPad, in a browser other than Safari: only Safari takes profiles. */
  notSafari: boolean;
  /** The page stands in the body's own Android app already. */
  own: boolean;
}

/** visitOf reads navigator.userAgent. `touches` is navigator.maxTouchPoints: an iPad calls itself a Macintosh. */
export function visitOf(agent: string, touches = 0): Visit {
  const device = deviceOf(agent, touches);
  return {
    device,
    inside: insideOf(agent),
    notSafari: device === 'ios' && /CriOS|FxiOS|EdgiOS|OPiOS|MQQBrowser|UCBrowser|baiduboxapp|quark/i.test(agent),
    own: /GonghuiShell\//.test(agent),
  };
}

function deviceOf(agent: string, touches: number): Device {
  // HarmonyOS up to 4 runs Android packages and says Android; the later one says neither Android nor Linux.
  if (/OpenHarmony|HarmonyOS/.test(agent) && !/Android/.test(agent)) return 'harmony';
  if (/Android/.test(agent)) return 'android';
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return 'ios';
  return 'desktop';
}

function insideOf(agent: string): Visit['inside'] {
  if (/MicroMessenger/i.test(agent)) return 'wechat';
  if (/AlipayClient/i.test(agent)) return 'alipay';
  if (/DingTalk/i.test(agent)) return 'dingtalk';
  // The browser of that maker is a browser.
  return /\bQQ\/[\d.]+/.test(agent) ? 'qq' : '';
}
