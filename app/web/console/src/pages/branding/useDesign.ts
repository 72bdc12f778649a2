import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { keys } from '../../data.ts';
import { begin, change, type History, redo, undo } from './history.ts';
import { type Branding, ownOf, type Profile, sent } from './profile.ts';

/** Milliseconds of rest after which a change is saved. */
const REST = 500;

type Step =
  | { do: 'change'; to: Profile; touched: string }
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'begin'; from: Profile };

function step(h: History<Profile>, s: Step): History<Profile> {
  if (s.do === 'undo') return undo(h);
  if (s.do === 'redo') return redo(h);
  if (s.do === 'begin') return begin(s.from);
  return change(h, s.to, s.touched);
}

export type Saving = 'saved' | 'busy' | 'failed';

const load = () => take(api.GET('/v1/branding'));

/** What the designer works on. */
export function useBranding() {
  return useQuery({ queryKey: keys.branding, queryFn: load, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
}

/** The design under one's hands: every change is saved as a draft after a moment of rest, and can be undone. */
export function useDesign(start: Branding) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [history, dispatch] = useReducer(step, start, (from) => begin(ownOf(from.draft)));
  const [branding, setBranding] = useState(start);
  const [saving, setSaving] = useState<Saving>('saved');
  const [fault, setFault] = useState<{ field: string; text: string } | null>(null);
  const { present } = history;

  // One save at a time: each names the draft that it was made from.
  const revision = useRef(start.revision);
  const saved = useRef(JSON.stringify(sent(ownOf(start.draft))));
  const wanted = useRef(present);
  wanted.current = present;
  const unsaved = (profile: Profile) => JSON.stringify(sent(profile)) !== saved.current;
  const running = useRef<Promise<boolean> | null>(null);

  const save = useCallback((): Promise<boolean> => {
    if (running.current) return running.current;
    const run = (async () => {
      try {
        while (JSON.stringify(sent(wanted.current)) !== saved.current) {
          setSaving('busy');
          const profile = sent(wanted.current);
          const next = await take(
            api.PUT('/v1/branding/draft', { body: { profile, revision: revision.current } as never }),
          );
          revision.current = next.revision;
          saved.current = JSON.stringify(profile);
          setBranding(next);
        }
        setFault(null);
        setSaving('saved');
        return true;
      } catch (thrown) {
        const error = asApiError(thrown);
        setSaving('failed');
        setFault({ field: error.field, text: error.text(locale) });
        if (error.reason === 'BRANDING_STALE') void message.error(error.text(locale), 6);
        return false;
      }
    })();
    running.current = run;
    // Not within the run itself: with nothing to save that ends before it is noted as running.
    void run.finally(() => {
      running.current = null;
    });
    return run;
  }, [locale, message]);

  useEffect(() => {
    if (JSON.stringify(sent(present)) === saved.current) return;
    const timer = setTimeout(() => void save(), REST);
    return () => clearTimeout(timer);
  }, [present, save]);

  /** Takes up an answer of the server in the place of all that was done here. */
  const restart = useCallback(
    (from: Branding) => {
      revision.current = from.revision;
      saved.current = JSON.stringify(sent(ownOf(from.draft)));
      setBranding(from);
      setFault(null);
      setSaving('saved');
      dispatch({ do: 'begin', from: ownOf(from.draft) });
      client.setQueryData(keys.branding, from);
      void client.invalidateQueries({ queryKey: [...keys.branding, 'versions'] });
      void client.invalidateQueries({ queryKey: ['theme'] });
    },
    [client],
  );

  return {
    branding,
    profile: present,
    saving: saving === 'saved' && unsaved(present) ? 'busy' : saving,
    fault,
    /** Changes the design; `touched` names what, so that the letters of one word are undone together. */
    edit: (to: Partial<Profile>, touched = '') => dispatch({ do: 'change', to: { ...present, ...to }, touched }),
    undo: history.past.length > 0 ? () => dispatch({ do: 'undo' }) : undefined,
    redo: history.future.length > 0 ? () => dispatch({ do: 'redo' }) : undefined,
    save,
    restart,
    /** The draft that was saved last, for an act of the server upon it. */
    revision: () => revision.current,
    /** Takes up an answer of the server as a change that can be undone. */
    takenUp: (from: Branding) => {
      revision.current = from.revision;
      saved.current = JSON.stringify(sent(ownOf(from.draft)));
      setBranding(from);
      setFault(null);
      dispatch({ do: 'change', to: ownOf(from.draft), touched: '' });
    },
    dirty: () => unsaved(wanted.current),
    publish: async (note: string) => {
      if (!(await save())) throw new Error(t('branding.notSaved'));
      restart(await take(api.POST('/v1/branding:publish', { body: { revision: revision.current, note } })));
    },
    discard: async () => {
      await running.current;
      restart(await take(api.POST('/v1/branding/draft:discard', { body: { revision: revision.current } })));
    },
  };
}

export type Design = ReturnType<typeof useDesign>;
