import { PageSkeleton } from '@gonghui/ui';
import { meetingAt } from '@gonghui/ui/base';
import { useEffect } from 'react';
import { useLocation, useParams } from 'react-router';

/** The way back to a meeting for who had to sign in first: the meeting is an app of its own. */
export function EnterPage() {
  const { number = '' } = useParams<'number'>();
  const { search } = useLocation();
  useEffect(() => window.location.replace(meetingAt(number, search)), [number, search]);
  return <PageSkeleton />;
}
