import { asApiError } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';

/** Why an act was refused, in a form. */
export function Refusal({ error }: { error: unknown }) {
  const t = useT();
  const locale = useLocale();
  if (!error) return null;
  const refused = asApiError(error);
  const seconds = Number(refused.metadata.retry_after);
  return (
    <p className="field-error" role="alert">
      {seconds > 90 ? t('member.welcome.locked', { minutes: Math.ceil(seconds / 60) }) : refused.text(locale)}
    </p>
  );
}
