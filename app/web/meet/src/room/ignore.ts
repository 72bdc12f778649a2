/** For what failed and is sought again, or shown, where it is missed. */
export function ignore(): void {
  // Nothing is to be done here.
}
