import { ApiError, api, asApiError, take } from '@gonghui/api';
import { loadTheme, paint, plainTheme, type Theme, ThemeContext, useLocale, useT } from '@gonghui/ui/base';
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Busy, Card } from './pages/Card.tsx';
import { DoorPage, type Me, type MeetingCard, type Ready } from './pages/DoorPage.tsx';
import { FindPage } from './pages/FindPage.tsx';
import { HallPage } from './pages/HallPage.tsx';
import { type Address, addressOf, paperOf } from './pages/meeting.ts';
import { type Over, OverPage } from './pages/OverPage.tsx';
import { SignInPage } from './pages/SignInPage.tsx';
import { keepSeat, seatIn } from './pages/seat.ts';
import { Wait } from './pages/Wait.tsx';
import { perPage } from './room/grid.ts';
import type { Entry, Room } from './room/room.ts';

/** What is needed in a meeting: it comes while somebody stands before the door. */
const inside = () => import('./pages/InRoom.tsx');
const InRoom = lazy(() => inside().then((part) => ({ default: part.InRoom })));

const PaperPage = lazy(() => import('./pages/agenda/PaperPage.tsx'));

/** Milliseconds between two tries to come into a meeting that has not begun. */
const KNOCK = 4000;

export function App() {
  const [theme, setTheme] = useState<Theme | null>(null);
  const t = useT();
  useEffect(() => {
    loadTheme().then(setTheme, () => setTheme(plainTheme));
  }, []);
  const title = t('meet.title');
  useLayoutEffect(() => {
    if (theme) paint(theme, title);
  }, [theme, title]);
  const [address] = useState(() => addressOf(location));
  // The first answer decides the colours: nothing is painted in the wrong ones and then changed.
  if (!theme) return null;
  const paper = paperOf(location.pathname);
  if (paper)
    return (
      <ThemeContext value={theme}>
        <Suspense>
          <PaperPage id={paper} />
        </Suspense>
      </ThemeContext>
    );
  return <ThemeContext value={theme}>{address.number ? <AtDoor address={address} /> : <FindPage />}</ThemeContext>;
}

function AtDoor({ address }: { address: Address }) {
  if (address.code) return <HallPage address={address} />;
  return address.passFor ? <PassPage address={address} /> : <Meeting address={address} />;
}

/** On the host of the person's own body: fetches a pass and goes back to the meeting with it. */
function PassPage({ address }: { address: Address }) {
  const t = useT();
  const locale = useLocale();
  const [fault, setFault] = useState<ApiError | null>(null);
  const { number, passFor } = address;
  useEffect(() => {
    take(api.POST('/v1/meetings:pass', { body: { bodyCode: passFor, number } })).then(
      ({ url }) => location.replace(url),
      (thrown: unknown) => setFault(asApiError(thrown)),
    );
  }, [number, passFor]);
  if (fault?.reason === 'SESSION_REQUIRED') return <SignInPage number={number} passFor={passFor} />;
  return (
    <Card>
      {fault ? (
        <>
          <h1>{t('meet.pass.failed')}</h1>
          <p className="about">{fault.text(locale)}</p>
        </>
      ) : (
        <Busy text={t('meet.pass.working')} />
      )}
    </Card>
  );
}

/** What stands in the way for good, by the reason of a refusal. */
const walls: Readonly<Record<string, Over>> = {
  MEETING_NOT_FOUND: 'missing',
  NOT_FOUND: 'missing',
  MEETING_OVER: 'ended',
  MEETING_LOCKED: 'locked',
  MEETING_REFUSED: 'removed',
  MODULE_OFF: 'off',
};

/** Refusals after which somebody has to say who they are, for the first time or, with a pass that was used, once more. */
const saysWho: ReadonlySet<string> = new Set(['MEETING_SIGN_IN', 'MEETING_PASS']);

/** What was on before the door of a meeting that had not begun; it was given back while waiting. */
interface Wish {
  microphone: boolean;
  camera: boolean;
}

type Stand =
  | { at: 'loading' }
  | { at: 'fault'; error: ApiError }
  | { at: 'over'; why: Over; meeting?: string }
  | { at: 'sign-in'; bodies: boolean }
  | { at: 'door'; card: MeetingCard; me: Me | null }
  | { at: 'closed'; card: MeetingCard; me: Me | null; ready: Ready; wish: Wish }
  | { at: 'room'; room: Room };

function Meeting({ address }: { address: Address }) {
  const t = useT();
  const locale = useLocale();
  const [stand, setStand] = useState<Stand>({ at: 'loading' });
  const { number, key, pass } = address;
  const seat = useRef(seatIn(number));

  const load = useCallback(async () => {
    setStand({ at: 'loading' });
    try {
      const [card, me] = await Promise.all([
        take(api.GET('/v1/meetings:find', { params: { query: { number } } })),
        pass ? null : whoAmI(),
      ]);
      if (card.state === 'ended' || card.state === 'cancelled')
        setStand({ at: 'over', why: card.state, ...(me && card.mayJoin && { meeting: card.id }) });
      else if (card.mayJoin || pass || key || (card.guests && card.passwordAsked))
        setStand({ at: 'door', card, me: card.mayJoin ? me : null });
      else setStand({ at: 'sign-in', bodies: card.bodies });
    } catch (thrown) {
      setStand(standing(asApiError(thrown)));
    }
  }, [number, key, pass]);
  useEffect(() => void load(), [load]);
  useEffect(() => void inside().catch(() => undefined), []);

  const enter = async (card: MeetingCard, me: Me | null, ready: Ready, wish?: Wish) => {
    const asked = async (): Promise<Entry> => {
      if (card.mayJoin && !pass) {
        const { id } = card;
        const body = { id, password: ready.password };
        return take(api.POST('/v1/meetings/{id}:join', { params: { path: { id } }, body }));
      }
      // A pass is used up by the first answer; the seat proves from then on that it is the same person.
      const who = seat.current ? { seat: seat.current } : pass ? { pass } : {};
      const body = { number, key, name: ready.name, body: ready.from, password: ready.password, ...who };
      const entry = await take(api.POST('/v1/meetings:joinGuest', { body }));
      seat.current = entry.seat;
      keepSeat(number, entry.seat);
      return entry;
    };
    const room = new (await inside()).Room({
      enter: asked,
      microphone: ready.microphone,
      camera: ready.camera,
      // A screen and the others of a page.
      pictures: perPage(innerWidth, innerHeight) + 1,
    });
    try {
      await room.start();
      setStand({ at: 'room', room });
      if (wish?.microphone) void room.setMicrophone(true);
      if (wish?.camera) void room.setCamera(true);
    } catch (thrown) {
      room.close();
      const error = asApiError(thrown);
      if (error.reason === 'MEETING_NOT_OPEN') {
        const had = wish ?? { microphone: ready.microphone !== null, camera: ready.camera !== null };
        setStand({ at: 'closed', card, me, ready: { ...ready, microphone: null, camera: null }, wish: had });
        return;
      }
      if (walls[error.reason] || saysWho.has(error.reason)) setStand(standing(error));
      else throw error;
    }
  };

  switch (stand.at) {
    case 'loading':
      return (
        <Card>
          <Busy text={t('meet.door.checking')} />
        </Card>
      );
    case 'over':
      return <OverPage why={stand.why} meeting={stand.meeting} rejoin={() => void load()} />;
    case 'fault':
      return (
        <Card>
          <h1>{t('state.errorTitle')}</h1>
          <p className="about">{stand.error.text(locale)}</p>
          <div className="buttons">
            <button type="button" className="button main" onClick={() => void load()}>
              {t('act.retry')}
            </button>
          </div>
          {stand.error.traceId && <p className="help num">{t('state.trace', { id: stand.error.traceId })}</p>}
        </Card>
      );
    case 'sign-in':
      return <SignInPage number={number} bodies={stand.bodies} />;
    case 'door': {
      const { card, me } = stand;
      return (
        <DoorPage
          card={card}
          me={me}
          guest={!card.mayJoin && !pass}
          byLink={key !== ''}
          enter={(ready) => enter(card, me, ready)}
          signIn={() => setStand({ at: 'sign-in', bodies: card.bodies })}
        />
      );
    }
    case 'closed': {
      const { card, me, ready, wish } = stand;
      return (
        <Closed
          title={card.title}
          knock={() => enter(card, me, ready, wish)}
          leave={() => setStand({ at: 'over', why: 'left' })}
        />
      );
    }
    case 'room':
      return (
        <Suspense fallback={<Joining />}>
          <InRoom room={stand.room} address={address} again={() => void load()} />
        </Suspense>
      );
  }
}

function standing(error: ApiError): Stand {
  const why = walls[error.reason];
  if (why) return { at: 'over', why };
  if (saysWho.has(error.reason)) return { at: 'sign-in', bodies: true };
  return { at: 'fault', error };
}

/** Who is signed in on this host; null when nobody is. */
async function whoAmI(): Promise<Me | null> {
  try {
    return await take(api.GET('/v1/me'));
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.reason === 'SESSION_REQUIRED') return null;
    throw thrown;
  }
}

/** Before a meeting that the host has not begun: it is tried again until they have. */
function Closed({ title, knock, leave }: { title: string; knock: () => Promise<void>; leave: () => void }) {
  const latest = useRef(knock);
  latest.current = knock;
  useEffect(() => {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      // What goes wrong now may go right the next time.
      latest
        .current()
        .catch(() => undefined)
        .finally(() => {
          busy = false;
        });
    }, KNOCK);
    return () => clearInterval(timer);
  }, []);
  return <Wait title={title} why="closed" leave={leave} />;
}

function Joining() {
  const t = useT();
  return (
    <Card>
      <Busy text={t('meet.door.joining')} />
    </Card>
  );
}
