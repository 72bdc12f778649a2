import { useT } from '@gonghui/ui';
import { Link } from 'react-router';
import type { Found } from './usePersonCheck.ts';

interface Props {
  found: Found;
  /** The member whose file the form changes: finding this one is no news. */
  self?: string;
}

/** Under the ID number: whether this person can be admitted. */
export function PersonAnswer({ found, self }: Props) {
  const t = useT();
  if (!found) return <span role="status" />;
  if (found === 'asking') return <span role="status">{t('person.checking')}</span>;
  if (found === 'unasked') return <span role="status">{t('person.retry')}</span>;
  if (found.state === 'here' && self && found.memberId === self) return <span role="status" />;
  if (found.state === 'free') {
    return (
      <span role="status" className="person-free">
        {t('person.free')}
      </span>
    );
  }
  return (
    <span role="status" className="person-taken">
      {found.state === 'here' ? (
        <>
          {t('person.here')}{' '}
          <Link to={`/members/${found.memberId}/file`} target="_blank">
            {t('person.open')}
          </Link>
        </>
      ) : found.bodyName ? (
        t('person.elsewhereAt', { body: found.bodyName })
      ) : (
        t('person.elsewhere')
      )}
    </span>
  );
}
