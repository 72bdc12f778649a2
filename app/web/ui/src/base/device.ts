const browsers: readonly [RegExp, string][] = [
  [/MicroMessenger\/(\d+)/, 'WeChat'],
  [/HuaweiBrowser\/(\d+)/, 'Huawei Browser'],
  [/(?:EdgA?|EdgiOS)\/(\d+)/, 'Edge'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];

const systems: readonly [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android (\d+)/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux|X11/, 'Linux'],
];

/** A device by browser and system, out of what the browser says of itself; what the server has named already stays as it is. */
export function deviceName(agent: string): string {
  if (!agent.startsWith('Mozilla/')) return agent;
  const named = [browsers, systems].map((table) => {
    for (const [pattern, name] of table) {
      const hit = pattern.exec(agent);
      if (hit) return hit[1] ? `${name} ${hit[1]}` : name;
    }
    return '';
  });
  return named.filter(Boolean).join(' \u00b7 ') || agent;
}

/** Whether this is the browser inside WeChat. */
export const inWeChat = (agent = navigator.userAgent): boolean => /MicroMessenger/i.test(agent);
