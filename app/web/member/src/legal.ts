import { api, type Schemas, take } from '@gonghui/api';
import { queryOptions } from '@tanstack/react-query';

export type LegalKind = 'privacy' | 'terms';
export const legalKinds: readonly LegalKind[] = ['privacy', 'terms'];

/** A text that a user agrees to, in the version in force. */
export const legalQuery = (kind: LegalKind) =>
  queryOptions({
    queryKey: ['legal', kind],
    queryFn: (): Promise<Schemas['Legal']> => take(api.GET('/v1/legal/{kind}', { params: { path: { kind } } })),
    staleTime: 600_000,
  });
