import { useT } from '@gonghui/ui/base';
import { useState } from 'react';
import { relayOnly, setRelayOnly } from '../media/relays.ts';

/** At the door: tries out a network that lets nothing through but the relay. */
export function RelayChoice({ offered }: { offered: boolean }) {
  const t = useT();
  const [on, setOn] = useState(relayOnly);
  if (!offered && !on) return null;
  return (
    <label className="relay-choice">
      <input
        type="checkbox"
        checked={on}
        onChange={(event) => {
          setRelayOnly(event.target.checked);
          setOn(event.target.checked);
        }}
      />
      <span>
        {t('meet.net.only')}
        <span className="help">{t('meet.net.onlyHint')}</span>
      </span>
    </label>
  );
}
