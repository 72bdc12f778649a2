import { ApiError } from '@gonghui/api';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useAct } from './act.ts';
import { draw } from './testing.tsx';

const failure = (code: number) =>
  new ApiError({ code, reason: code ? 'POST_FULL' : 'NETWORK', message: '', metadata: {} });

function Presses({ run }: { run: (input: string, key: string) => Promise<void> }) {
  const { mutate } = useAct({ run, quiet: true });
  return (
    <>
      <button type="button" onClick={() => mutate('a')}>
        a
      </button>
      <button type="button" onClick={() => mutate('b')}>
        b
      </button>
    </>
  );
}

test.each([
  ['the same key travels when no answer came', 0, ['a', 'a'], true],
  ['other input is another act', 0, ['a', 'b'], false],
  ['after a refusal the next press is another act', 409, ['a', 'a'], false],
  ['after success the next press is another act', null, ['a', 'a'], false],
] as const)('%s', async (_, code, presses, same) => {
  const keys: string[] = [];
  draw(
    <Presses
      run={async (_input, key) => {
        keys.push(key);
        if (code !== null) throw failure(code);
      }}
    />,
  );
  for (const [i, press] of presses.entries()) {
    await act(async () => fireEvent.click(screen.getByText(press)));
    await waitFor(() => expect(keys).toHaveLength(i + 1));
  }
  expect(keys[0] === keys[1]).toBe(same);
});
