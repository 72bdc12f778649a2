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
