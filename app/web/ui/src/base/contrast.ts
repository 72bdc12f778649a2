/** Relative luminance of #RRGGBB (WCAG 2.1). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.1, 1.4.3). */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/**
 * mend moves a colour towards black or white in steps of 2 % until it stands out enough from the ground. The server mends
 * what is saved; this is for the preview.
 */
export function mend(hex: string, ground: string, towards: '#000000' | '#FFFFFF', enough = 4.5): string {
  const part = (h: string, at: number) => Number.parseInt(h.slice(at, at + 2), 16);
  for (let share = 0; share <= 1; share += 0.02) {
    const mixed = [1, 3, 5]
      .map((at) => Math.round(part(hex, at) * (1 - share) + part(towards, at) * share))
      .map((c) => c.toString(16).padStart(2, '0').toUpperCase())
      .join('');
    if (contrast(`#${mixed}`, ground) >= enough) return `#${mixed}`;
  }
  return towards;
}
