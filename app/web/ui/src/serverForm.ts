import { asApiError } from '@gonghui/api';
import type { FormInstance } from 'antd';
import { useCallback, useState } from 'react';
import { useLocale, useT } from './base/i18n.ts';

interface Options {
  form: FormInstance;
  /** Path in the request under which the form's fields lie, with its dot: "fields." or "profile.". */
  prefix?: string;
  /** Which field a reason without a field belongs to: { MEMBER_DUPLICATE: 'idNumber' }. */
  reasonField?: Record<string, string>;
}

/**
 * useServerForm puts the server's refusals where they belong: under the field that is wrong, or, when it is about no
 * field on screen, into `fault`, to be shown above the form.
 */
export function useServerForm({ form, prefix = '', reasonField = {} }: Options) {
  const locale = useLocale();
  const t = useT();
  const [fault, setFault] = useState<{ text: string; traceId: string; capability?: string } | null>(null);

  const refuse = useCallback(
    (thrown: unknown) => {
      const error = asApiError(thrown);
      const path = reasonField[error.reason] ?? error.field.replace(new RegExp(`^${prefix.replace('.', '\\.')}`), '');
      const name = path.split('.');
      const shown = form.getFieldsError().some((field) => field.name.join('.') === path);
      if (shown) {
        form.setFields([{ name, errors: [error.text(locale)] }]);
        form.scrollToField(name, { block: 'center', focus: true });
        setFault(null);
      } else {
        const text = error.text(locale);
        setFault({
          text: error.transient ? `${text} ${t('state.errorKept')}` : text,
          traceId: error.code >= 500 ? error.traceId : '',
          capability: error.reason === 'FORBIDDEN' ? error.metadata.capability : undefined,
        });
      }
    },
    [form, locale, prefix, reasonField, t],
  );

  return { fault, refuse, clear: useCallback(() => setFault(null), []) };
}
