import { useT } from '@gonghui/ui/base';
import { useEffect, useState } from 'react';
import { chosen, type Device, type Kind, listed, speakersToChoose } from '../media/devices.ts';
import { chime } from '../media/level.ts';

/** The devices there are, asked anew when one is plugged in or out, or when the person has allowed one. */
export function useDevices(allowed: unknown): Record<Kind, Device[]> {
  const [all, setAll] = useState<Record<Kind, Device[]>>({ camera: [], microphone: [], speaker: [] });
  // biome-ignore lint/correctness/useExhaustiveDependencies: names of devices are told once one is allowed
  useEffect(() => {
    let over = false;
    const look = () => void listed().then((now) => !over && setAll(now));
    look();
    navigator.mediaDevices?.addEventListener?.('devicechange', look);
    return () => {
      over = true;
      navigator.mediaDevices?.removeEventListener?.('devicechange', look);
    };
  }, [allowed]);
  return all;
}

interface Props {
  kind: Kind;
  devices: readonly Device[];
  pick: (id: string) => void;
}

/** The choice among the devices of a kind. */
export function DeviceChoice({ kind, devices, pick }: Props) {
  const t = useT();
  const [now, setNow] = useState(() => chosen(kind));
  if (devices.length === 0 || (kind === 'speaker' && !speakersToChoose())) return null;
  const known = devices.some((one) => one.id === now);
  return (
    <select
      className="input"
      aria-label={t(`meet.door.${kind}`)}
      value={known ? now : ''}
      onChange={(event) => {
        setNow(event.target.value);
        pick(event.target.value);
      }}
    >
      {!devices.some((one) => one.id === 'default') && <option value="">{t('meet.door.byBrowser')}</option>}
      {devices.map((one, i) => (
        <option key={one.id} value={one.id === 'default' ? '' : one.id}>
          {one.id === 'default' ? t('meet.door.byBrowser') : one.label || `${t(`meet.door.${kind}`)} ${i + 1}`}
        </option>
      ))}
    </select>
  );
}

/** Plays something through the speaker that is chosen. */
export function SpeakerTest() {
  const t = useT();
  const [playing, setPlaying] = useState(false);
  const [played, setPlayed] = useState(false);
  if (typeof AudioContext === 'undefined') return null;
  const play = async () => {
    setPlaying(true);
    await chime(chosen('speaker')).catch(() => undefined);
    setPlaying(false);
    setPlayed(true);
  };
  return (
    <>
      <button type="button" className="button small" disabled={playing} onClick={() => void play()}>
        {t(playing ? 'meet.door.testing' : 'meet.door.test')}
      </button>
      {played && <p className="help">{t('meet.door.heard')}</p>}
    </>
  );
}

/** How loud the microphone is, as a bar. */
export function Level({ level }: { level: number }) {
  const t = useT();
  const percent = Math.round(level * 100);
  return (
    <>
      <div className="level" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </div>
      <meter className="unseen" aria-label={t('meet.door.level')} min={0} max={100} value={percent} />
    </>
  );
}
