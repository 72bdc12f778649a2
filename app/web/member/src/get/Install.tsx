import { useT } from '@gonghui/ui/base';
import { useState } from 'react';
import { install, useInstalling } from '../installing.ts';
import { Button } from '../parts/Button.tsx';

/** The browser's own way of putting the app on the device: at a press where it can, otherwise where its menu has it. */
export function Install({ desktop = false, primary = false }: { desktop?: boolean; primary?: boolean }) {
  const t = useT();
  const { can, installed } = useInstalling();
  const [asking, setAsking] = useState(false);
  if (installed) return <p role="status">{t('member.get.pwa.done')}</p>;
  if (!can && !asking) return <p className="small">{t(desktop ? 'member.get.pwa.desktop' : 'member.get.pwa.menu')}</p>;
  const run = async () => {
    setAsking(true);
    try {
      await install();
    } finally {
      setAsking(false);
    }
  };
  return (
    <Button kind={primary ? 'primary' : undefined} busy={asking} onClick={() => void run()}>
      {t('member.get.pwa.act')}
    </Button>
  );
}
