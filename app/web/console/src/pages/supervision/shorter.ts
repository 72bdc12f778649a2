/** Lengths of time that people think in, minutes. */
const usual = [30, 60, 120, 240, 480, 1440, 3 * 1440, 7 * 1440, 14 * 1440];

/** What may be consented to when so many minutes are asked for: those, and up to three shorter times, longest first. */
export function shorter(minutes: number): number[] {
  return [
    minutes,
    ...usual
      .filter((n) => n < minutes)
      .reverse()
      .slice(0, 3),
  ];
}
