import { ExportOutlined } from '@ant-design/icons';
import type { Schemas } from '@gonghui/api';
import { pick, Section, useLocale, useT } from '@gonghui/ui';

/** A column of links that the body, or one above it, has made. */
export function LinksColumn({ column }: { column: Schemas['HomeColumn'] }) {
  const t = useT();
  const locale = useLocale();
  return (
    <Section title={pick(locale, column.titleZh, column.titleEn)}>
      <ul className="links">
        {column.links.map((link) => (
          <li key={link.key}>
            <a href={link.url} target="_blank" rel="noopener noreferrer">
              {pick(locale, link.titleZh, link.titleEn)}
              <ExportOutlined aria-hidden />
              <span className="unseen">{t('shell.away')}</span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
