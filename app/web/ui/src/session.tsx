import { ApiError, api, type Schemas, take } from '@gonghui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext } from 'react';
import { Navigate, useLocation } from 'react-router';
import { IdleEnd } from './IdleEnd.tsx';
import { PageSkeleton } from './PageSkeleton.tsx';
import { ErrorState } from './states.tsx';

export type Me = Schemas['Me'];
export type Place = Schemas['Place'];

export const meKey = ['me'];
const MeContext = createContext<Me | null>(null);

/** Who is signed in. Only below {@link RequireSession}. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside RequireSession');
  return me;
}

/** useCan answers whether the signed-in person holds a capability on this host. The server decides again. */
export function useCan(): (capability: string) => boolean {
  const { capabilities } = useMe();
  return (capability) => capabilities.includes(capability);
}

/** RequireSession lets its children in when somebody is signed in, and leads to the sign-in page otherwise. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const me = useQuery({ queryKey: meKey, queryFn: () => take(api.GET('/v1/me')), staleTime: 60_000 });
  const lost = me.error instanceof ApiError && me.error.reason === 'SESSION_REQUIRED';
  if (lost) {
    const here = pathname + search;
    const to = here === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(here)}`;
    return <Navigate to={to} replace />;
  }
  if (me.data) {
    return (
      <MeContext value={me.data}>
        {children}
        {me.data.idleMinutes > 0 && <IdleEnd minutes={me.data.idleMinutes} />}
      </MeContext>
    );
  }
  if (me.error) return <ErrorState error={me.error} retry={() => void me.refetch()} page />;
  return <PageSkeleton />;
}

/** useSignOut ends the session on the server and forgets everything that was loaded. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await take(api.POST('/v1/session:signOut', { body: {} }));
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'theme' });
  }, [client]);
}

/** goTo leaves for another place of the person by a single-use code. */
export async function goTo(place: { identityId: string; role: string }): Promise<void> {
  const { url } = await take(
    api.POST('/v1/session:handoff', {
      body: { identityId: place.identityId, supervision: place.role === 'supervisor' },
    }),
  );
  window.location.assign(url);
}
