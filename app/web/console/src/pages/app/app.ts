import { api, type Schemas, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../data.ts';

export type Build = Schemas['AppBuild'];
export type Release = Schemas['AppRelease'];
export type Line = Schemas['AppBuildLine'];

/** A channel as the server answers it: what there is none of is null. */
export type Channel = Omit<Schemas['AppChannel'], 'release' | 'staged' | 'last'> & {
  release: Release | null;
  staged: Release | null;
  last: Build | null;
};

export type BodyApp = Omit<Schemas['BodyApp'], 'channels' | 'key'> & {
  channels: Channel[];
  key: Schemas['AppKey'] | null;
};

/** Milliseconds between two looks while something is being built: a package takes a quarter of a second. */
const LIVE = 600;

/** Whether a build is still to end. */
export const open = (build: Pick<Build, 'state'> | null): boolean =>
  build?.state === 'queued' || build?.state === 'running';

/** The app of the body, looked at often while something is being built. */
export function useApp(enabled = true) {
  return useQuery({
    queryKey: [...keys.app, 'state'],
    enabled,
    queryFn: async () => (await take(api.GET('/v1/app'))) as BodyApp,
    refetchInterval: ({ state }) => (state.data?.channels.some(({ last }) => open(last)) ? LIVE : false),
  });
}

/** One build with its log. */
export function useBuild(id: string | null) {
  return useQuery({
    queryKey: [...keys.app, 'build', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/app/builds/{id}', { params: { path: { id: id ?? '' } } })),
    refetchInterval: ({ state }) => (state.data && open(state.data) ? LIVE : false),
  });
}
