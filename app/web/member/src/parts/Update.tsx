import { useT } from '@gonghui/ui/base';
import { useState, useSyncExternalStore } from 'react';
import { subscribe, takeOver, waiting } from '../shell.ts';

/** A new version of the app is there: it waits until the person takes it, and nothing changes under their hands. */
export function Update() {
  const t = useT();
  const ready = useSyncExternalStore(subscribe, waiting);
  const [later, setLater] = useState(false);
  if (!ready || later) return null;
  return (
    <div className="update" role="status">
      <span>{t('member.update.ready')}</span>
      <button type="button" className="plain" onClick={() => setLater(true)}>
        {t('member.update.later')}
      </button>
      <button type="button" className="plain" onClick={takeOver}>
        {t('member.update.now')}
      </button>
    </div>
  );
}
