import { sha256 } from './sha256.ts';

/** Milliseconds of work between which the page may answer. */
const TURN = 12;

const rest = () => new Promise((done) => setTimeout(done));

/**
 * Solves a puzzle of the server: for each part a number such that the hash of puzzle, part and number begins with so many zero
 * bits. The page stays alive meanwhile.
 */
export async function solve(puzzle: string, bits: number, parts: number): Promise<string> {
  const solution = [puzzle];
  let turn = performance.now();
  for (let part = 0; part < parts; part++) {
    const head = `${puzzle}.${part}.`;
    for (let n = 0; ; n++) {
      if ((sha256(head + n)[0] as number) >>> (32 - bits) === 0) {
        solution.push(String(n));
        break;
      }
      if ((n & 255) === 0 && performance.now() - turn > TURN) {
        await rest();
        turn = performance.now();
      }
    }
  }
  return solution.join(':');
}
