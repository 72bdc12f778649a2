import { ErrorState } from '@gonghui/ui';
import { useRouteError } from 'react-router';

/** A page that broke, or whose file is gone because a new version was put up: loading again brings the new one. */
export function PageFault() {
  return <ErrorState error={useRouteError()} retry={() => window.location.reload()} page />;
}
