import { api, asApiError, type Schemas, take } from '@gonghui/api';
import { useLocale } from '@gonghui/ui';
import type { FormInstance } from 'antd';
import { useCallback, useRef, useState } from 'react';

type Values = Schemas['MemberFields'];

/** What is known of the person with the number in the form. */
export type Found = Schemas['CheckPersonReply'] | 'asking' | 'unasked' | null;

/**
 * usePersonCheck looks, when the person leaves the field of the ID number, whether somebody with it is on a roll already.
 * A number that cannot be is said under its field.
 */
export function usePersonCheck(form: FormInstance<Values>) {
  const locale = useLocale();
  const [found, setFound] = useState<Found>(null);
  const last = useRef('');
  const forget = useCallback(() => {
    last.current = '';
    setFound(null);
  }, []);
  const check = async () => {
    const idNumber = ((form.getFieldValue('idNumber') as string | undefined) ?? '').trim();
    const idKind = form.getFieldValue('idKind') as string;
    const asked = `${idKind} ${idNumber}`;
    if (!idNumber || last.current === asked) return;
    last.current = asked;
    setFound('asking');
    let answer: Found;
    try {
      answer = await take(api.POST('/v1/members:check', { body: { idKind, idNumber } }));
    } catch (thrown) {
      const error = asApiError(thrown);
      answer = error.reason === 'INVALID_ARGUMENT' ? null : 'unasked';
      if (last.current === asked && error.field.endsWith('dNumber'))
        form.setFields([{ name: 'idNumber', errors: [error.text(locale)] }]);
    }
    // The number may have been changed meanwhile.
    if (last.current === asked) setFound(answer);
  };
  return { found, check, forget };
}
