import { pick, useLocale, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { type LegalKind, legalQuery } from '../legal.ts';
import { Failed } from './Failed.tsx';

/** A legal text, as long as it is. */
export default function LegalText({ kind }: { kind: LegalKind }) {
  const t = useT();
  const locale = useLocale();
  const legal = useQuery(legalQuery(kind));
  if (legal.error && !legal.data) return <Failed error={legal.error} retry={() => void legal.refetch()} />;
  if (!legal.data) return <span className="grey union-grey" />;
  const { titleZh, titleEn, textZh, textEn, version } = legal.data;
  const text = locale === 'en' && textEn.length > 0 ? textEn : textZh;
  return (
    <article className="legal">
      <h2>{pick(locale, titleZh, titleEn)}</h2>
      <p className="small num">{t('member.consent.version', { version })}</p>
      {text.map((paragraph) =>
        paragraph.startsWith('# ') ? <h3 key={paragraph}>{paragraph.slice(2)}</h3> : <p key={paragraph}>{paragraph}</p>,
      )}
    </article>
  );
}
