import { asApiError } from '@gonghui/api';
import { EmptyState, ErrorState, useMe, useT } from '@gonghui/ui';
import { Link } from 'react-router';
import { bodyAddress } from './useView.ts';

interface Props {
  code: string;
  error: unknown;
  retry: () => void;
}

/** Why a body is not shown: outside the caller's scope, unknown, or not to be had just now. */
export function Refused({ code, error, retry }: Props) {
  const t = useT();
  const { place } = useMe();
  const { reason } = asApiError(error);
  const home = (
    <Link to={bodyAddress(place.bodyCode, { line: null, metric: null })}>
      {t('hq.scope.back', { anchor: place.bodyName })}
    </Link>
  );
  if (reason === 'FORBIDDEN') {
    return (
      <EmptyState title={t('hq.scope.title')} why={t('hq.scope.body', { anchor: place.bodyName })} action={home} />
    );
  }
  if (reason === 'BODY_NOT_FOUND' || reason === 'NOT_FOUND') {
    return <EmptyState title={t('hq.missing.title')} why={t('hq.missing.body', { code })} action={home} />;
  }
  return <ErrorState error={error} retry={retry} />;
}
