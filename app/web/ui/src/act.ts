import { asApiError, uuid } from '@gonghui/api';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { createElement, useRef } from 'react';
import { useLocale, useT } from './base/i18n.ts';
import { WhyAnswer } from './Why.tsx';

interface Options<In, Out> {
  /** Does the act. The key makes a repetition count once: pass it on with {@link keyed}. */
  run: (input: In, key: string) => Promise<Out>;
  /** What is out of date afterwards. */
  refresh?: QueryKey[];
  done?: (out: Out, input: In) => void;
  /** Said in a message when it is done. */
  said?: string | ((input: In) => string);
  /** Failures are shown by the caller (a form under its fields); otherwise a message says them. */
  quiet?: boolean;
}

/**
 * useAct is one thing a person does. When no answer came and the person presses again, the same key travels, and the
 * server does it once; after an answer, or with other input, the next press is a new act.
 */
export function useAct<In, Out>({ run, refresh = [], done, said, quiet }: Options<In, Out>) {
  const client = useQueryClient();
  const locale = useLocale();
  const t = useT();
  const { message, modal } = App.useApp();
  const open = useRef<{ key: string; input: string } | null>(null);
  return useMutation({
    mutationFn: async (input: In) => {
      const shape = JSON.stringify(input) ?? '';
      if (open.current?.input !== shape) open.current = { key: uuid(), input: shape };
      try {
        const out = await run(input, open.current.key);
        open.current = null;
        return out;
      } catch (thrown) {
        if (!asApiError(thrown).transient) open.current = null;
        throw thrown;
      }
    },
    onSuccess: async (out, input) => {
      await Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey })));
      if (said) void message.success(typeof said === 'string' ? said : said(input));
      done?.(out, input);
    },
    onError: (thrown) => {
      if (quiet) return;
      const error = asApiError(thrown);
      const { capability } = error.metadata;
      if (error.reason !== 'FORBIDDEN' || !capability) void message.error(error.text(locale), 6);
      else
        modal.warning({
          title: error.text(locale),
          content: createElement(WhyAnswer, { capability }),
          okText: t('act.close'),
          width: 520,
        });
    },
  });
}
