import { api, keyed, take } from '@gonghui/api';
import { useAct, useT } from '@gonghui/ui';
import type { ChannelName } from '@gonghui/ui/apps';
import { keys } from '../../data.ts';

const refresh = [keys.app];

interface Wish {
  channels: string[];
  /** Although nothing has changed. */
  anew?: boolean;
  trial?: boolean;
}

/** Queues builds. What is there already under the same inputs is said to be. */
export function useStart(done?: (ids: string[]) => void) {
  return useAct({
    run: ({ channels, anew = false, trial = false }: Wish, key) =>
      take(
        api.POST('/v1/app/builds', {
          body: { channels: channels as ChannelName[], newVersion: anew, trial },
          headers: keyed(key),
        }),
      ),
    refresh,
    done: ({ builds }) => done?.(builds.map(({ id }) => id)),
  });
}

export function useCancel() {
  const t = useT();
  return useAct({
    run: (id: string) => take(api.POST('/v1/app/builds/{id}:cancel', { params: { path: { id } }, body: { id } })),
    refresh,
    said: t('ownApp.cancelled'),
  });
}

interface Publication {
  id: string;
  /** In percent of the devices. */
  share: number;
  notesZh: string;
  notesEn: string;
}

interface Telling {
  /** Refusals are the caller's to show. */
  quiet: boolean;
  /** It is the caller's to say that it is done. */
  silent?: boolean;
}

/** Gives a build to people. */
export function usePublish({ quiet, silent = false }: Telling) {
  const t = useT();
  return useAct({
    run: (body: Publication) =>
      take(api.POST('/v1/app/builds/{id}:publish', { params: { path: { id: body.id } }, body })),
    refresh,
    said: silent ? undefined : t('ownApp.published'),
    quiet,
  });
}

export function useShare() {
  const t = useT();
  return useAct({
    run: (body: { id: string; share: number }) =>
      take(api.POST('/v1/app/releases/{id}:share', { params: { path: { id: body.id } }, body })),
    refresh,
    said: ({ share }) => t('ownApp.shareDone', { share }),
  });
}

export function useStop() {
  const t = useT();
  return useAct({
    run: (id: string) => take(api.POST('/v1/app/releases/{id}:stop', { params: { path: { id } }, body: { id } })),
    refresh,
    said: t('ownApp.stopped'),
  });
}

export function useRollBack() {
  const t = useT();
  return useAct({
    run: (id: string, key) =>
      take(api.POST('/v1/app/builds/{id}:rollBack', { params: { path: { id } }, body: { id }, headers: keyed(key) })),
    refresh,
    said: t('ownApp.rollingBack'),
  });
}
