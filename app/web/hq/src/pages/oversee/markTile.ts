/** Pixels of a tile; a page of rows holds several of them in each direction. */
const WIDTH = 420;
const HEIGHT = 180;

/** A text, slanted, as a picture that repeats; its colour is that of what it masks. */
export function markTile(text: string): string {
  const safe = text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">` +
    `<text x="${WIDTH / 2}" y="${HEIGHT / 2}" text-anchor="middle" font-family="sans-serif" font-size="13" ` +
    `transform="rotate(-18 ${WIDTH / 2} ${HEIGHT / 2})">${safe}</text></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}
