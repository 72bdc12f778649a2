import { api, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';

/** Names of what is kept from the server of the own account's protection. */
export const securityKey = ['security'];
export const passkeysKey = ['passkeys'];
export const sessionsKey = ['sessions'];

export function useSecurity() {
  return useQuery({ queryKey: securityKey, queryFn: () => take(api.GET('/v1/own/security')) });
}
