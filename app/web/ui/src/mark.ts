/** How the mark lies over what is shown; each rule is written into the element itself, so that a style sheet does not undo it. */
const rules: Readonly<Record<string, string>> = {
  position: 'absolute',
  inset: '0px',
  display: 'block',
  visibility: 'visible',
  opacity: '1',
  transform: 'none',
  clip: 'auto',
  'clip-path': 'none',
  filter: 'none',
  width: 'auto',
  height: 'auto',
  'z-index': '6',
  'pointer-events': 'none',
  'background-repeat': 'repeat',
};

/** drawn is the text as a picture that is repeated: light with a dark edge, so that it is read on any ground. */
export function drawn(text: string): string {
  const safe = text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const width = Math.max(220, [...text].length * 22 + 60);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="150"><text x="${width / 2}" y="82" text-anchor="middle" transform="rotate(-18 ${width / 2} 75)" font-family="sans-serif" font-size="17" fill="#fff" fill-opacity="0.24" stroke="#000" stroke-opacity="0.14" stroke-width="0.6">${safe}</text></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}

/** inked is the text for white paper: dark, and thin enough to read through. */
export function inked(text: string): string {
  return drawn(text).replaceAll('%23fff', '%23000').replace('0.24', '0.1');
}

/** put lays a mark over a box, and lays it anew whenever it is taken away or changed; the function that it returns ends that. */
export function put(box: HTMLElement, text: string, draw = drawn): () => void {
  const style = Object.entries({ ...rules, 'background-image': draw(text) });
  let mark: HTMLElement | null = null;
  const lay = () => {
    mark?.remove();
    // A new element with a name of its own each time: no rule on a class or an id holds for the next one.
    mark = document.createElement(`mark-${Math.random().toString(36).slice(2, 10)}`);
    mark.setAttribute('aria-hidden', 'true');
    for (const [name, value] of style) mark.style.setProperty(name, value, 'important');
    box.append(mark);
    // What the page's own watching of it causes is no change by somebody else.
    observer.takeRecords();
  };
  const observer = new MutationObserver((records) => {
    const own = records.some(
      (one) =>
        one.target === mark ||
        (one.target === box && one.type === 'childList' && [...one.removedNodes].some((node) => node === mark)),
    );
    if (own || mark?.parentNode !== box) lay();
  });
  observer.observe(box, { childList: true, subtree: true, attributes: true });
  lay();
  // A rule that hides it changes nothing in the document: how it is drawn is looked at, too.
  const timer = setInterval(() => {
    if (!mark) return;
    const now = getComputedStyle(mark);
    if (now.display === 'none' || now.visibility !== 'visible' || Number(now.opacity) < 1) lay();
  }, 2000);
  return () => {
    clearInterval(timer);
    observer.disconnect();
    mark?.remove();
  };
}
