import { ApiError } from './error.ts';

/**
 * solving makes a call that the server may answer with a puzzle after several failures, and makes it once more with the
 * solution. Nobody has to do anything: the browser works for a moment. `working` hears when it does.
 */
export async function solving<T>(call: (captcha: string) => Promise<T>, working?: (on: boolean) => void): Promise<T> {
  try {
    return await call('');
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.reason !== 'CAPTCHA_REQUIRED') throw thrown;
    const { puzzle = '', bits, parts } = thrown.metadata;
    working?.(true);
    try {
      const { solve } = await import('./solve.ts');
      return await call(await solve(puzzle, Number(bits), Number(parts)));
    } finally {
      working?.(false);
    }
  }
}
