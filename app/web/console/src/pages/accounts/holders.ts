import { api, type Schemas, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';

export type Holder = Schemas['Holder'];

export const holderKeys = { list: ['holders'], duties: ['duties'] };

/** The three administrators' roles, in the order in which they are shown. */
export const duties = ['system_admin', 'security_admin', 'audit_admin'];

export const roles = ['admin', 'officer', 'supervisor', ...duties, 'member'];

export function useHolder(id: string | null) {
  return useQuery({
    queryKey: [...holderKeys.list, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/accounts/{personId}', { params: { path: { personId: id ?? '' } } })),
  });
}
