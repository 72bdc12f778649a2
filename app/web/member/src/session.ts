import { ApiError, api, type Schemas, take } from '@gonghui/api';
import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';

export type Me = Schemas['Me'];
export type Place = Schemas['Place'];

const signedOut = (error: unknown) => error instanceof ApiError && error.reason === 'SESSION_REQUIRED';

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await take(api.GET('/v1/me'));
    } catch (thrown) {
      if (signedOut(thrown)) return null;
      throw thrown;
    }
  },
  staleTime: 60_000,
});

/** Server state of the app. A session that has ended anywhere leads back to the sign-in page. */
export function newQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (signedOut(error)) client.setQueryData(meQuery.queryKey, null);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.transient && error.code !== 429,
      },
      mutations: { retry: false },
    },
  });
  return client;
}

export const MeContext = createContext<Me | null>(null);

/** The signed-in person; only on pages behind the sign-in. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe without a session');
  return me;
}

export async function signIn(phone: string, password: string): Promise<Me> {
  return (await take(api.POST('/v1/session:signIn', { body: { phone, password } }))).me;
}

/** signOut ends the session on the server and starts the app anew: nothing that was loaded is left. */
export async function signOut(): Promise<void> {
  await take(api.POST('/v1/session:signOut', { body: {} }));
  window.location.replace('/');
}

/** goTo leaves for another place of the person by a single-use code. */
export async function goTo(place: Place): Promise<void> {
  const { url } = await take(
    api.POST('/v1/session:handoff', {
      body: { identityId: place.identityId, supervision: place.role === 'supervisor' },
    }),
  );
  window.location.assign(url);
}
