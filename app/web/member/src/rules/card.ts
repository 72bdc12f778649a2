/** A member number in groups of four, as on a bank card. */
export function grouped(memberNo: string): string {
  return memberNo.replace(/(.{4})(?=.)/g, '$1 ');
}

interface Named {
  code: string;
  name: string;
}

/** A body and those above it, top first, without one that would stand there twice. */
export function lineage<T extends Named>(ancestors: readonly T[], body: T): T[] {
  return [...ancestors.filter((one) => one.code !== body.code), body];
}

/**
 * How many bodies stand in the line from the nation down to one, by its code (GB/T 2260: pairs of digits for province, city and
 * county; three digits a step below). Where a code tells less than the line holds, it is a guess.
 */
export function depth(code: string): number {
  const own = code.replace(/(00)+$/, '');
  const above = Math.min(own.length, 6);
  return 1 + Math.ceil(above / 2) + Math.ceil((own.length - above) / 3);
}
