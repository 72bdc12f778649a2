import { ApiError, api, asApiError, type Schemas, take } from '@gonghui/api';
import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { kept } from './kept.ts';

export type Me = Schemas['Me'];
export type Place = Schemas['Place'];

/** Until the first answer that knows of columns replaces what the device kept. */
export const asShipped: Me['columns'] = ['card', 'union'].map((key) => ({
  place: 'portal',
  key,
  kind: 'column',
  titleZh: '',
  titleEn: '',
  links: [],
  path: '',
}));

/** Milliseconds after which the last answer is shown instead of waiting for a slow network. */
const PATIENCE = 4000;

const signedOut = (error: unknown) => error instanceof ApiError && error.reason === 'SESSION_REQUIRED';

/** begin takes up who is signed in; what was kept of another identity goes. */
export function begin(me: Me): Me {
  kept.begin(me.place.identityId);
  kept.keep(me.place.identityId, 'me', me, Date.now());
  return me;
}

declare global {
  interface Window {
    /** The answer to who is signed in, which boot.js has asked for before this script was there. */
    gonghuiMe?: Promise<Response>;
  }
}

/** The early answer, once; undefined when there is none or the network has failed. */
async function early(): Promise<Me | undefined> {
  const asked = window.gonghuiMe;
  window.gonghuiMe = undefined;
  const response = await asked?.catch(() => undefined);
  if (!response) return;
  if (!response.ok) throw await ApiError.read(response);
  return (await response.json()) as Me;
}

async function askMe(): Promise<Me | null> {
  try {
    return begin((await early()) ?? (await take(api.GET('/v1/me'))));
  } catch (thrown) {
    if (!signedOut(thrown)) throw thrown;
    kept.forget();
    return null;
  }
}

/** Who is signed in; null when nobody is. Without a network, or with a slow one, who was the last time. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ client }): Promise<Me | null> => {
    const asked = askMe();
    const last = kept.last<Me>('me');
    if (!last) return asked;
    const late = new Promise<'late'>((done) => setTimeout(done, PATIENCE, 'late'));
    try {
      const first = await Promise.race([asked, late]);
      if (first !== 'late') return first;
    } catch (thrown) {
      if (asApiError(thrown).code === 0) return last.data;
      throw thrown;
    }
    asked.then(
      (me) => client.setQueryData(meQuery.queryKey, me),
      () => undefined, // Nothing is known that the last answer does not say.
    );
    return last.data;
  },
  staleTime: 60_000,
});

/** Server state of the app. A session that has ended anywhere leads back to the sign-in page, with nothing left behind. */
export function newQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (!signedOut(error)) return;
        kept.forget();
        client.setQueryData(meQuery.queryKey, null);
        client.removeQueries({ predicate: ({ queryKey: [name] }) => name !== 'me' && name !== 'theme' });
      },
    }),
    defaultOptions: {
      queries: {
        // A call without a network fails at once, and the page says so.
        networkMode: 'always',
        staleTime: 30_000,
        retry: (failures, error) =>
          failures < 2 && navigator.onLine && error instanceof ApiError && error.transient && error.code !== 429,
      },
      mutations: { networkMode: 'always', retry: false },
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

/**
 * enter takes up a person who has just come in. What was agreed to on the way is recorded, unless the server has done so
 * already.
 */
export async function enter(me: Me, agreed: string): Promise<Me> {
  if (!me.consentDue || !agreed) return begin(me);
  try {
    await take(api.POST('/v1/own/consent', { body: { version: agreed } }));
    return begin({ ...me, consentDue: false });
  } catch {
    // The page that asks for consent asks again.
    return begin(me);
  }
}

/** leave starts the app anew, so that nothing of the person is left. */
export function leave(): void {
  kept.forget();
  window.location.replace('/');
}

/** signOut ends the session on the server, then here. */
export async function signOut(): Promise<void> {
  await take(api.POST('/v1/session:signOut', { body: {} }));
  leave();
}

/** signOutTo is signOut for who is to sign in again on a page that waits for it. */
export async function signOutTo(page: string): Promise<void> {
  await take(api.POST('/v1/session:signOut', { body: {} }));
  kept.forget();
  window.location.replace(page);
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
