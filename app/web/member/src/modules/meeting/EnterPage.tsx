import { meetingAt } from '@gonghui/ui/base';
import { useEffect } from 'react';
import { useParams } from 'wouter';
import { Loading } from '../../parts/Loading.tsx';

/** The way back to a meeting for who had to sign in first: the meeting is an app of its own. */
export default function EnterPage() {
  const { number = '' } = useParams<{ number: string }>();
  useEffect(() => window.location.replace(meetingAt(number, window.location.search)), [number]);
  return <Loading />;
}
