import { api, type Schemas, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';

export type Client = Schemas['Client'];

export const clientKeys = { list: ['clients'] };

/** What an application may be given besides the sign-in itself. */
export const scopes = ['profile', 'phone', 'org', 'offline_access', 'api'];

export function useClient(id: string | null) {
  return useQuery({
    queryKey: [...clientKeys.list, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/oidc/clients/{id}', { params: { path: { id: id ?? '' } } })),
  });
}

/** Addresses are typed one a line. */
export const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
