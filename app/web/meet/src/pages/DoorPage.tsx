import { type ApiError, asApiError, type Full, type Schemas } from '@gonghui/api';
import { dateTime, read, useLocale, useT, write } from '@gonghui/ui/base';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { absent, capture, choose, keepOn, type Missing, type Opening, wasOn, whyMissing } from '../media/devices.ts';
import { listen } from '../media/level.ts';
import { Face } from '../parts/Face.tsx';
import { CameraIcon, MicIcon } from '../parts/icons.tsx';
import { Picture } from '../parts/Picture.tsx';
import { Card } from './Card.tsx';
import { DeviceChoice, Level, SpeakerTest, useDevices } from './Devices.tsx';
import { spaced } from './meeting.ts';
import { RelayChoice } from './RelayChoice.tsx';

export type MeetingCard = Full<Schemas['MeetingCard']>;
export type Me = Full<Schemas['Me']>;

/** What somebody brings along. */
export interface Ready {
  microphone: Opening;
  camera: Opening;
  name: string;
  from: string;
  password: string;
}

interface Props {
  card: MeetingCard;
  me: Me | null;
  /** A guest says who they are; who comes with a pass, or is signed in, need not. */
  guest: boolean;
  /** The link lets in without a password. */
  byLink: boolean;
  /** Goes in; throws what stands in the way and can be mended here. */
  enter: (ready: Ready) => Promise<void>;
  /** For a guest who could come as who they are. */
  signIn: () => void;
}

/** Before the door: who one is, how one looks and sounds, whether the network does. */
export function DoorPage({ card, me, guest, byLink, enter, signIn }: Props) {
  const t = useT();
  const locale = useLocale();
  const camera = useDevice('camera');
  const microphone = useDevice('microphone');
  const devices = useDevices(`${camera.track?.id} ${microphone.track?.id}`);
  const [name, setName] = useState(() => read('meet.name') ?? '');
  const [from, setFrom] = useState(() => read('meet.from') ?? '');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<ApiError | null>(null);
  const [needName, setNeedName] = useState(false);
  const [busy, setBusy] = useState(false);
  const nothing = absent();
  const refused = camera.missing === 'refused' && microphone.missing === 'refused';
  const asksPassword = card.passwordAsked && !byLink;

  const go = async (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    if (guest && !name.trim()) {
      setNeedName(true);
      document.getElementById('name')?.focus();
      return;
    }
    if (guest) {
      write('meet.name', name.trim());
      write('meet.from', from.trim() || null);
    }
    setBusy(true);
    try {
      await enter({
        microphone: microphone.give(),
        camera: camera.give(),
        name: name.trim(),
        from: from.trim(),
        password,
      });
    } catch (thrown) {
      const error = asApiError(thrown);
      camera.again();
      microphone.again();
      setFault(error);
      setBusy(false);
      if (error.reason === 'MEETING_PASSWORD') document.getElementById('password')?.focus();
    }
  };

  const wrongPassword = fault?.reason === 'MEETING_PASSWORD';
  const at = dateTime(card.startsAt);
  return (
    <Card wide>
      <form className="door" onSubmit={(event) => void go(event)} noValidate>
        <div className="door-look">
          <div className="preview">
            {camera.track ? (
              <Picture track={camera.track} label={t('meet.door.preview')} mirror />
            ) : (
              <div className="preview-off">
                <Face name={me?.name || name || '?'} id={me?.personId ?? name} />
                <p>{t('meet.door.cameraOff')}</p>
              </div>
            )}
            <div className="preview-acts">
              <Toggle
                on={microphone.on}
                text={t(microphone.on ? 'meet.bar.mute' : 'meet.bar.unmute')}
                disabled={nothing !== null}
                turn={microphone.turn}
              >
                <MicIcon off={!microphone.on} />
              </Toggle>
              <Toggle
                on={camera.on}
                text={t(camera.on ? 'meet.bar.stopVideo' : 'meet.bar.startVideo')}
                disabled={nothing !== null}
                turn={camera.turn}
              >
                <CameraIcon off={!camera.on} />
              </Toggle>
            </div>
          </div>
          {nothing && (
            <p className="lacks" role="alert">
              {t(`meet.missing.${nothing}`)}
            </p>
          )}
          {refused && (
            <div className="lacks" role="alert">
              <p>{t('meet.missing.both')}</p>
              <button
                type="button"
                className="button small"
                onClick={() => {
                  camera.again();
                  microphone.again();
                }}
              >
                {t('meet.door.again')}
              </button>
            </div>
          )}
          {!nothing &&
            !refused &&
            [camera, microphone].map(
              (device) =>
                device.missing && (
                  <div key={device.kind} className="lacks" role="alert">
                    <p>{t(`meet.missing.${device.kind}.${device.missing}`)}</p>
                    <button type="button" className="button small" onClick={device.again}>
                      {t('meet.door.again')}
                    </button>
                  </div>
                ),
            )}
          {(nothing || (camera.missing && microphone.missing)) && <p className="help">{t('meet.door.noDevices')}</p>}
        </div>
        <div className="door-say">
          <h1>{card.title || t('meet.title')}</h1>
          <p className="about">
            <span className="num">{t('meet.number', { number: spaced(card.number) })}</span>
            <br />
            {card.state === 'live'
              ? t('meet.when.now')
              : card.minutes > 0
                ? t('meet.when.span', { at, minutes: card.minutes })
                : t('meet.when.at', { at })}
            {' · '}
            {card.bodyName}
          </p>
          {me && !guest && (
            <div className="who">
              <Face name={me.name} id={me.personId} />
              <div className="row-text">
                <span className="row-sub">{t('meet.door.who')}</span>
                <span className="row-name">{me.name}</span>
                <span className="row-sub">
                  {[card.post || t(`role.${me.place.role}`), me.place.bodyName].join(' · ')}
                </span>
              </div>
            </div>
          )}
          {guest && (
            <>
              <p className="about">
                {t('meet.door.asGuest')}
                <button type="button" className="link" onClick={signIn}>
                  {t('meet.door.mine')}
                </button>
              </p>
              <div className="field">
                <label htmlFor="name">{t('meet.door.name')}</label>
                <input
                  id="name"
                  className="input"
                  autoComplete="name"
                  maxLength={30}
                  value={name}
                  aria-invalid={needName}
                  aria-describedby="name-help"
                  onChange={(event) => {
                    setName(event.target.value);
                    setNeedName(false);
                  }}
                />
                <p id="name-help" className={needName ? 'wrong' : 'help'} role={needName ? 'alert' : undefined}>
                  {t(needName ? 'meet.door.needName' : 'meet.door.nameHint')}
                </p>
              </div>
              <div className="field">
                <label htmlFor="from">{t('meet.door.from')}</label>
                <input
                  id="from"
                  className="input"
                  autoComplete="organization"
                  maxLength={60}
                  value={from}
                  placeholder={t('meet.door.fromHint')}
                  onChange={(event) => setFrom(event.target.value)}
                />
              </div>
            </>
          )}
          {asksPassword && (
            <div className="field">
              <label htmlFor="password">{t('meet.door.password')}</label>
              <input
                id="password"
                className="input"
                autoComplete="off"
                maxLength={20}
                value={password}
                aria-invalid={wrongPassword}
                aria-describedby="password-help"
                onChange={(event) => setPassword(event.target.value)}
              />
              <p
                id="password-help"
                className={wrongPassword ? 'wrong' : 'help'}
                role={wrongPassword ? 'alert' : undefined}
              >
                {wrongPassword ? fault.text(locale) : t('meet.door.passwordHint')}
              </p>
            </div>
          )}
          {card.waitingRoom && <p className="help">{t('meet.door.waits')}</p>}
          {fault && !wrongPassword && (
            <p className="wrong" role="alert">
              {fault.text(locale)}
            </p>
          )}
          <button type="submit" className="button main wide join" disabled={busy}>
            {t(busy ? 'meet.door.joining' : 'meet.door.join')}
          </button>
        </div>
        <div className="checks">
          {(nothing ? [] : (['microphone', 'camera'] as const)).map((kind) => {
            const device = kind === 'camera' ? camera : microphone;
            // It has been said already that there is none.
            if (device.missing && devices[kind].length === 0) return null;
            return (
              <div key={kind} className="field">
                <span className="field-label">{t(`meet.door.${kind}`)}</span>
                <DeviceChoice kind={kind} devices={devices[kind]} pick={(id) => device.use(id)} />
                {kind === 'microphone' && microphone.track && (
                  <>
                    <Level level={microphone.level} />
                    <p className="help">{t('meet.door.speak')}</p>
                  </>
                )}
                {kind === 'microphone' && !microphone.track && !microphone.missing && (
                  <p className="help">{t('meet.door.quiet')}</p>
                )}
              </div>
            );
          })}
          <div className="field">
            <span className="field-label">{t('meet.door.speaker')}</span>
            <DeviceChoice kind="speaker" devices={devices.speaker} pick={(id) => choose('speaker', id)} />
            <SpeakerTest />
          </div>
          <Network relay={card.relay} />
        </div>
      </form>
    </Card>
  );
}

interface ToggleProps {
  on: boolean;
  text: string;
  disabled: boolean;
  turn: () => void;
  children: React.ReactNode;
}

function Toggle({ on, text, disabled, turn, children }: ToggleProps) {
  return (
    <button
      type="button"
      className={`round${on ? '' : ' off'}`}
      aria-label={text}
      title={text}
      disabled={disabled}
      onClick={turn}
    >
      {children}
    </button>
  );
}

interface Device {
  kind: 'camera' | 'microphone';
  on: boolean;
  track: MediaStreamTrack | null;
  level: number;
  missing: Missing | null;
  turn: () => void;
  again: () => void;
  use: (id: string) => void;
  /** Hands the track over, also one that is still to come: it is no longer stopped from here. */
  give: () => Opening;
}

/** A camera or a microphone before the door: on as it was the last time. */
function useDevice(kind: 'camera' | 'microphone'): Device {
  const [on, setOn] = useState(() => wasOn(kind) && absent() === null);
  const [track, setTrack] = useState<MediaStreamTrack | null>(null);
  const [level, setLevel] = useState(0);
  const [missing, setMissing] = useState<Missing | null>(null);
  const [asked, ask] = useState(0);
  const opening = useRef<Promise<MediaStreamTrack> | null>(null);
  const given = useRef<Opening>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further question opens the device once more
  useEffect(() => {
    if (!on) return;
    let over = false;
    let own: MediaStreamTrack | null = null;
    let quiet = () => {};
    const coming = capture(kind);
    opening.current = coming;
    coming.then(
      (got) => {
        if (given.current === coming) return;
        own = got;
        if (over) {
          got.stop();
          return;
        }
        setMissing(null);
        setTrack(got);
        if (kind === 'microphone') quiet = listen(got, setLevel);
      },
      (thrown: unknown) => {
        if (over || given.current === coming) return;
        setMissing(whyMissing(thrown));
        setOn(false);
      },
    );
    return () => {
      over = true;
      opening.current = null;
      quiet();
      setTrack(null);
      if (own !== given.current) own?.stop();
    };
  }, [kind, on, asked]);
  return {
    kind,
    on,
    track,
    level,
    missing,
    turn: () => {
      keepOn(kind, !on);
      setMissing(null);
      setOn(!on);
    },
    again: () => {
      given.current = null;
      setMissing(null);
      setOn(wasOn(kind));
      ask((n) => n + 1);
    },
    use: (id) => {
      choose(kind, id);
      ask((n) => n + 1);
    },
    give: () => {
      given.current = track ?? opening.current;
      return given.current;
    },
  };
}

/** From how many milliseconds there and back on a network is slow. */
const SLOW = 300;

function Network({ relay }: { relay: boolean }) {
  const t = useT();
  const [state, setState] = useState<'checking' | 'good' | 'slow' | 'bad'>('checking');
  const [ms, setMs] = useState(0);
  useEffect(() => {
    let over = false;
    const look = async () => {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 3; i++) {
        const begin = performance.now();
        const answer = await fetch('/meet/', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
        if (answer) best = Math.min(best, performance.now() - begin);
      }
      if (over) return;
      setMs(Math.round(best));
      setState(best === Number.POSITIVE_INFINITY ? 'bad' : best > SLOW ? 'slow' : 'good');
    };
    void look();
    return () => {
      over = true;
    };
  }, []);
  return (
    <div className="field">
      <span className="field-label">{t('meet.door.network')}</span>
      <p className={`net ${state} num`} role="status">
        {t(`meet.door.net.${state}`, { ms })}
      </p>
      <RelayChoice offered={relay} />
    </div>
  );
}
