import type { Schemas } from '@gonghui/api';
import { addTexts, dateTime, deviceName, useT } from '@gonghui/ui/base';
import { securityTexts } from '@gonghui/ui/security-texts';

addTexts(securityTexts);

const known = ['limit', 'remote', 'password', 'idle', 'expired'];

/** Why the last session on this phone is over. */
export default function Ended({ end }: { end: Schemas['SessionEnd'] }) {
  const t = useT();
  if (!known.includes(end.why)) return null;
  const device = deviceName(end.device) || t('security.ended.unknown');
  return (
    <div className="panel warned" role="status">
      <p>{t(`security.ended.${end.why}`, { at: end.at ? dateTime(end.at) : '', device })}</p>
    </div>
  );
}
