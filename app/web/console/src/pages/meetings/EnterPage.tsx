import { PageSkeleton } from '@gonghui/ui';
import { useEffect } from 'react';
import { useLocation, useParams } from 'react-router';

/** The way back to a meeting for who had to sign in first: the meeting is an app of its own. */
export function EnterPage() {
  const { number = '' } = useParams<'number'>();
  const { search } = useLocation();
  useEffect(() => {
    if (/^\d{10}$/.test(number)) window.location.replace(`/meet/${number}${search}`);
    else window.location.replace('/meet/');
  }, [number, search]);
  return <PageSkeleton />;
}
