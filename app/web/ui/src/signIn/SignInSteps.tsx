import type { Schemas } from '@gonghui/api';
import { lazy, Suspense } from 'react';
import { PageSkeleton } from '../PageSkeleton.tsx';

const Steps = lazy(() => import('./Steps.tsx'));

interface Props {
  reply: Schemas['SignInReply'];
  /** The session is open. */
  done: (me: Schemas['Me']) => void;
  /** Begin the sign-in again. */
  again: () => void;
}

/** What is left of a sign-in after the first proof; fetched when somebody needs it. */
export function SignInSteps(props: Props) {
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Steps {...props} />
    </Suspense>
  );
}
