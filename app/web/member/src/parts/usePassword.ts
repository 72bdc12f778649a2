import { api, solving, take } from '@gonghui/api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Entry } from './useEntry.tsx';

/** The way in by phone number and password; `working` while a puzzle of the server is being solved. */
export function usePassword(come: Entry['come']) {
  const [working, setWorking] = useState(false);
  const sign = useMutation({
    mutationFn: async (body: { phone: string; password: string }) => {
      const answer = await solving(
        (captcha) => take(api.POST('/v1/session:signIn', { body: { ...body, captcha } })),
        setWorking,
      );
      await come(answer, '');
    },
  });
  return { ...sign, working };
}
