/** The number of a meeting as it is said: 123 456 7890. */
export function spaced(number: string): string {
  return number.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');
}

/** A span of milliseconds as a clock shows it: 04:05, 1:02:03. */
export function clock(span: number): string {
  const seconds = Math.max(0, Math.floor(span / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** Where a meeting is: its number, and what the address carries behind #. */
export interface Address {
  number: string;
  /** That of the link of a meeting that is open to anyone. */
  key: string;
  /** From the own body's host: says here who the person is, once. */
  pass: string;
  /** For the own body's host: whose meeting a pass is wanted for. */
  passFor: string;
  /** That of a sign-in, from the screen of a hall. */
  code: string;
}

const digits = (text: string) => text.replace(/[\s-]/g, '');

/** addressOf reads an address of this app: /meet/1234567890#key=…; with ?for=<body> on the host of the person's own body. */
export function addressOf({ pathname, search, hash }: { pathname: string; search: string; hash: string }): Address {
  const number = /^\/meet\/(\d{10})\/?$/.exec(pathname)?.[1] ?? '';
  const behind = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    number,
    key: behind.get('key') ?? '',
    pass: behind.get('pass') ?? '',
    passFor: new URLSearchParams(search).get('for') ?? '',
    code: behind.get('in') ?? '',
  };
}

/** paperOf is the id of the paper at an address of this app: /meet/paper/<id>; empty: it is no paper's. */
export const paperOf = (path: string): string => /^\/meet\/paper\/([0-9a-f-]{36})\/?$/.exec(path)?.[1] ?? '';

/**
 * wayTo is where a number or a pasted link leads from a host: a path of this host, or a whole address of another one of the same
 * platform. 'bad' is neither; 'elsewhere' a link of somebody else.
 */
export function wayTo(text: string, host: string): string | 'bad' | 'elsewhere' {
  const plain = digits(text.trim());
  if (/^\d{10}$/.test(plain)) return `/meet/${plain}`;
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return 'bad';
  }
  if (!/^https?:$/.test(url.protocol) || !addressOf(url).number) return 'bad';
  if (url.host === host) return url.pathname + url.hash;
  const base = (name: string) => name.slice(name.indexOf('.') + 1);
  return base(url.host) === base(host) && base(host).includes('.') ? url.href : 'elsewhere';
}

/** The address on the host of somebody's own body that brings back a pass for a meeting of this one. */
export function wayForPass(
  code: string,
  number: string,
  body: string,
  { protocol, host }: { protocol: string; host: string },
): string {
  const base = host.slice(host.indexOf('.') + 1);
  return `${protocol}//${code}.${base}/meet/${number}?for=${encodeURIComponent(body)}`;
}
