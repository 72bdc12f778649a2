import { onStepUp } from '@gonghui/api';
import { Suspense, useEffect, useState } from 'react';
import { page } from '../page.tsx';

const StepUpDialog = page(() => import('./StepUpDialog.tsx'));

/** Waits for an act that the server wants a fresh proof for, wherever in the app, and asks for it. */
export function StepUp() {
  const [end, setEnd] = useState<((proved: boolean) => void) | null>(null);
  useEffect(
    () =>
      onStepUp(
        () =>
          new Promise((done) =>
            setEnd(() => (proved: boolean) => {
              setEnd(null);
              done(proved);
            }),
          ),
      ),
    [],
  );
  return (
    end && (
      <Suspense>
        <StepUpDialog end={end} />
      </Suspense>
    )
  );
}
