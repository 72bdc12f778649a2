/** What was done, what is there, what was undone. */
export interface History<T> {
  past: T[];
  present: T;
  future: T[];
  /** What was changed last: changes of one thing in a row are undone together. */
  touched: string;
}

/** Steps that can be undone. */
const LONG = 100;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [], touched: '' });

/** Makes a change. A second one of the same thing, such as the next letter of a name, joins the first. */
export function change<T>(h: History<T>, next: T, touched: string): History<T> {
  if (JSON.stringify(next) === JSON.stringify(h.present)) return h;
  const joins = touched !== '' && touched === h.touched && h.past.length > 0;
  return { past: joins ? h.past : [...h.past, h.present].slice(-LONG), present: next, future: [], touched };
}

export function undo<T>(h: History<T>): History<T> {
  const before = h.past[h.past.length - 1];
  if (before === undefined) return h;
  return { past: h.past.slice(0, -1), present: before, future: [h.present, ...h.future], touched: '' };
}

export function redo<T>(h: History<T>): History<T> {
  const [after, ...future] = h.future;
  if (after === undefined) return h;
  return { past: [...h.past, h.present], present: after, future, touched: '' };
}
