import { LeftOutlined } from '@ant-design/icons';
import { useT, useWide } from '@gonghui/ui';
import { Link } from 'react-router';
import type { Crumb } from './crumbs.ts';

interface Props {
  crumbs: readonly Crumb[];
  /** The body shown. */
  here: string;
  address: (code: string) => string;
}

/** The way from the top to the body shown. On a phone only the step up is left of it. */
export function Crumbs({ crumbs, here, address }: Props) {
  const t = useT();
  const wide = useWide();
  const up = crumbs.at(-1);
  if (!up) return null;
  if (!wide) {
    return (
      <nav className="crumbs" aria-label={t('hq.crumbs')}>
        {up.open ? (
          <Link to={address(up.code)}>
            <LeftOutlined aria-hidden /> {up.name}
          </Link>
        ) : (
          <span className="crumb-shut">{up.name}</span>
        )}
      </nav>
    );
  }
  return (
    <nav className="crumbs" aria-label={t('hq.crumbs')}>
      <ol>
        {crumbs.map((crumb) => (
          <li key={crumb.code}>
            {crumb.open ? (
              <Link to={address(crumb.code)}>{crumb.name}</Link>
            ) : (
              <span className="crumb-shut" title={t('hq.above')}>
                {crumb.name}
              </span>
            )}
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
