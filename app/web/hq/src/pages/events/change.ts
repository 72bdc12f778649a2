/** A part of what a directory event says: the code of a body, or a word. */
export type Part = { code: string } | { word: string };

/**
 * The directory writes changes in words and codes: "parent 440000". A token of lower-case letters and digits that holds
 * a digit is a code; everything else, names included, stays as it is.
 */
export function parts(text: string): Part[] {
  return text
    .split(/\s+/)
    .filter((token) => token !== '')
    .map((token) => (/^(?=.*\d)[a-z0-9]{2,24}$/.test(token) ? { code: token } : { word: token }));
}
