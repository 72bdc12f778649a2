import { api, type Schemas, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';

export type Merge = Schemas['Merge'];
export type Side = 'keep' | 'gone';

export const mergeKeys = { all: ['merges'] };

/** An 11-digit mobile number, with blanks and +86 as people write it. */
export const phoneShape = /^(\+?86)?[\s-]*1[\s-]*(\d[\s-]*){10}$/;

export function useMerge(id: string | null) {
  return useQuery({
    queryKey: [...mergeKeys.all, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/merges/{id}', { params: { path: { id: id ?? '' } } })),
  });
}

/** Whether what the case rests on is proved, as the server counts it. */
export function isProved(merge: Merge): boolean {
  return merge.ground === 'id_number' || (!!merge.keep?.provedAt && !!merge.gone?.provedAt);
}
