import { api, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../data.ts';

export function useMember(id: string | null) {
  return useQuery({
    queryKey: [...keys.members, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/members/{id}', { params: { path: { id: id ?? '' } } })),
  });
}
