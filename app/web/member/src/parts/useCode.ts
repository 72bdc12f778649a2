import { api, asApiError, take } from '@gonghui/api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSeconds } from './useSeconds.ts';

interface Wanted {
  phone?: string;
  purpose: 'sign_in' | 'reset' | 'close' | 'invitation' | 'step_up';
  /** Of an invitation. */
  token?: string;
}

/** Asking for a code by SMS, and again when it does not come. */
export function useCode() {
  const [until, setUntil] = useState(0);
  const wait = (seconds: number) => setUntil(Date.now() + seconds * 1000);
  const send = useMutation({
    mutationFn: (wanted: Wanted) => take(api.POST('/v1/codes:send', { body: wanted })),
    onSuccess: ({ againAfter }) => wait(againAfter),
    onError: (error) => {
      const seconds = Number(asApiError(error).metadata.retry_after);
      if (seconds > 0) wait(seconds);
    },
  });
  return {
    send: send.mutate,
    /** Seconds until another one may be asked for. */
    left: useSeconds(until),
    busy: send.isPending,
    error: send.error,
    /** One has been sent. */
    sent: !!send.data,
    /** Minutes that the last one is good for. */
    minutes: Math.max(1, Math.floor((send.data?.life ?? 300) / 60)),
  };
}

export type Code = ReturnType<typeof useCode>;
