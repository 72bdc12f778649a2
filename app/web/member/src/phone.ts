/** Whether this is the body's own app on a phone, which shows these pages in a window of its own. */
export const inShell = (agent = navigator.userAgent): boolean => /GonghuiShell/.test(agent);

/** Says something to the app around the page, which listens for addresses of this scheme; false where there is none. */
export function tellShell(what: 'withdraw-consent'): boolean {
  if (!inShell()) return false;
  window.location.assign(`gonghui-shell:${what}`);
  return true;
}
