import { useCallback } from 'react';
import { type To, useLocation, useNavigate, useParams } from 'react-router';

/**
 * useDetail ties a drawer to the address bar: /members shows the list, /members/<id> the same list with the drawer open.
 * Filters and place in the list stay. The route is "<base>/:id?".
 */
export function useDetail(base: string) {
  const { id } = useParams<'id'>();
  const { search, state } = useLocation();
  const navigate = useNavigate();
  const href = useCallback((row: string): To => ({ pathname: `${base}/${row}`, search }), [base, search]);
  return {
    id: id ?? null,
    href,
    open: useCallback((row: string) => void navigate(href(row), { state }), [href, navigate, state]),
    close: useCallback(() => void navigate({ pathname: base, search }, { state }), [base, navigate, search, state]),
  };
}
