import { api, type Schemas, take } from '@gonghui/api';
import { all, keys as rights } from '@gonghui/ui/rights';
import { useQuery } from '@tanstack/react-query';

export type Dept = Schemas['Dept'];
export type Post = Schemas['Post'];
export type Officer = Schemas['Officer'];
export type Appointment = Schemas['Appointment'];
export type Member = Schemas['Member'];
export type Body = Schemas['Body'];

export { all };

/** Names of what is kept from the server; an act names those it makes out of date. */
export const keys = {
  body: ['body'],
  profile: ['profile'],
  depts: ['depts'],
  posts: ['posts'],
  officers: ['officers'],
  invitations: ['invitations'],
  members: ['members'],
  imports: ['imports'],
  duplicates: ['duplicates'],
  requests: ['requests'],
  figures: ['figures'],
  modules: ['modules'],
  policy: ['security-policy'],
  sessions: ['sessions'],
  supervision: ['supervision'],
  menus: ['menus'],
  branding: ['branding'],
  hosts: ['hosts'],
  app: ['own-app'],
  ...rights,
};

export function useDepts(enabled = true) {
  return useQuery({
    queryKey: keys.depts,
    enabled,
    queryFn: () =>
      all(async (pageToken) => {
        const reply = await take(api.GET('/v1/depts', { params: { query: { pageSize: 500, pageToken } } }));
        return { rows: reply.depts, next: reply.nextPageToken };
      }),
  });
}

export function usePosts(enabled = true) {
  return useQuery({
    queryKey: keys.posts,
    enabled,
    queryFn: () =>
      all(async (pageToken) => {
        const reply = await take(api.GET('/v1/posts', { params: { query: { pageSize: 500, pageToken } } }));
        return { rows: reply.posts, next: reply.nextPageToken };
      }),
  });
}

export function useOwnBody() {
  return useQuery({ queryKey: keys.body, queryFn: () => take(api.GET('/v1/body')), staleTime: 60_000 });
}

export function useProfile(enabled = true) {
  return useQuery({ queryKey: keys.profile, enabled, queryFn: () => take(api.GET('/v1/profile')) });
}
