/** How far a step was at a moment. */
export interface Sample {
  /** Milliseconds. */
  at: number;
  /** Rows, or whatever is counted. */
  done: number;
}

/** Milliseconds of the past by which the pace is judged. */
const WINDOW = 10_000;
/** Below this span, in milliseconds, a pace says nothing. */
const LEAST = 1500;

/** The samples with a new one, without those that are too old to say anything. A step that begins anew forgets all. */
export function sampled(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && sample.done < last.done) return [sample];
  return [...samples.filter((old) => sample.at - old.at <= WINDOW), sample];
}

export interface Pace {
  /** A second. */
  rate: number;
  /** Seconds. */
  left: number;
}

/** The pace of the last seconds, and how long the rest takes at it; null while nobody can tell. */
export function pace(samples: readonly Sample[], all: number): Pace | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < LEAST || last.done <= first.done) return null;
  const rate = ((last.done - first.done) * 1000) / (last.at - first.at);
  return { rate, left: Math.max(0, Math.ceil((all - last.done) / rate)) };
}
