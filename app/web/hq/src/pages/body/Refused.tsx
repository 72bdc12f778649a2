import { asApiError } from '@gonghui/api';
import { EmptyState, ErrorState, useMe, useT } from '@gonghui/ui';
import { Link } from 'react-router';
import { bodyAddress } from './useView.ts';

interface Props {
  code: string;
  /** The directory knows the body: it is the figures that are refused. */
  known?: boolean;
  error: unknown;
  retry: () => void;
}

/** Why a body is not shown: outside the caller's scope, unknown, or not to be had just now. */
export function Refused({ code, known = false, error, retry }: Props) {
  const t = useT();
  const { place } = useMe();
  const { code: status } = asApiError(error);
  const home = (
    <Link to={bodyAddress(place.bodyCode, { line: null, metric: null })}>
      {t('hq.scope.back', { anchor: place.bodyName })}
    </Link>
  );
  if (status === 403 || (known && status === 404)) {
    return (
      <EmptyState title={t('hq.scope.title')} why={t('hq.scope.body', { anchor: place.bodyName })} action={home} />
    );
  }
  if (status === 404) {
    return <EmptyState title={t('hq.missing.title')} why={t('hq.missing.body', { code })} action={home} />;
  }
  return <ErrorState error={error} retry={retry} />;
}
