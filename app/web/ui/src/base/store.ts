/** Small choices of this person on this device. A browser that keeps nothing (private window) is no error. */
export function read(key: string): string | null {
  try {
    return localStorage.getItem(`gonghui.${key}`);
  } catch {
    return null;
  }
}

export function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`gonghui.${key}`);
    else localStorage.setItem(`gonghui.${key}`, value);
  } catch {
    // Full or forbidden: the choice then lasts as long as the page.
  }
}
