import type { Schemas } from '@gonghui/api';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { page } from '../page.tsx';
import { enter, type Me, meQuery } from '../session.ts';
import { Loading } from './Loading.tsx';

const Steps = page(() => import('./Steps.tsx'));

/** What a way in answers: who is in, or what is left to do. */
type Answer = Pick<Schemas['SignInReply'], 'me' | 'step'>;

/** The end of every way in: the session is open, or there are steps left, which take the place of the form. */
export function useEntry(then?: () => void) {
  const client = useQueryClient();
  const [left, setLeft] = useState<{ answer: Answer; agreed: string } | null>(null);
  const open = async (me: Me, agreed: string) => {
    client.setQueryData(meQuery.queryKey, await enter(me, agreed));
    then?.();
  };
  /** Takes up an answer; `agreed` is the version of the legal texts that was agreed to on the way. */
  const come = async (answer: Answer, agreed: string) => {
    if (answer.me) await open(answer.me, agreed);
    else setLeft({ answer, agreed });
  };
  const steps = left && (
    <Suspense fallback={<Loading />}>
      <Steps
        reply={{ ...left.answer, recoveryCodes: [] }}
        done={(me) => void open(me, left.agreed)}
        again={() => setLeft(null)}
      />
    </Suspense>
  );
  return { come, steps };
}

export type Entry = ReturnType<typeof useEntry>;
