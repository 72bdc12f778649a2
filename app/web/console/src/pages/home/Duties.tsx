import { RightOutlined } from '@ant-design/icons';
import { pick, Section, useLocale, useMe, useT } from '@gonghui/ui';
import { Link } from 'react-router';
import { iconOf } from '../../menu.tsx';

/** The way to their work for those who do no business and have no figures: the three administrators. */
export function Duties() {
  const t = useT();
  const locale = useLocale();
  const { menu } = useMe();
  const pages = menu.filter((entry) => entry.kind === 'page' && entry.path !== '/');
  return (
    <Section title={t('home.duties')} about={t('home.dutiesAbout')}>
      <ul className="steps">
        {pages.map((entry) => (
          <li key={entry.key}>
            <Link to={entry.path} className="step step-page">
              {iconOf(entry.icon)}
              <span className="step-name">{pick(locale, entry.titleZh, entry.titleEn)}</span>
              <RightOutlined className="step-go" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
