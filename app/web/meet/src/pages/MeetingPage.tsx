import { read, useT, write } from '@gonghui/ui/base';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { actOf, told } from '../keys.ts';
import { Ask, Dialog } from '../parts/Dialog.tsx';
import { CloseIcon, ScreenIcon } from '../parts/icons.tsx';
import { Picture } from '../parts/Picture.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { useMedia } from '../parts/useSize.ts';
import type { Layout, Tile } from '../room/stage.ts';
import { headcount, ownPerson } from '../room/state.ts';
import { Bar, type Panel } from './Bar.tsx';
import { Chat } from './Chat.tsx';
import { DeviceChoice, SpeakerTest, useDevices } from './Devices.tsx';
import { Head } from './Head.tsx';
import { Hints, Notes } from './Hints.tsx';
import { useHallCode } from './hallCode.ts';
import { AgendaPart, InnerPanel, isInner, OverStage } from './inside/panels.tsx';
import { RoomsBanner } from './inside/RoomsBanner.tsx';
import { VenueBanner } from './inside/VenueBanner.tsx';
import { People } from './People.tsx';
import { Consent } from './Recording.tsx';
import { StageView } from './StageView.tsx';
import { AskContext, type Asking, type Question, useDo } from './usePersonActs.tsx';
import { VoteBanner, Votes } from './Votes.tsx';

const layouts: readonly Layout[] = ['grid', 'speaker', 'sidebar'];

/** A meeting while it goes on. */
export function MeetingPage({ number, link }: { number: string; link: string }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [said, setSaid] = useState<{ id: string; text: string }[]>([]);
  const count = useRef(0);
  const asking = useMemo<Asking>(
    () => ({
      ask: setQuestion,
      say: (text) => setSaid((all) => [...all, { id: `s${++count.current}`, text }]),
    }),
    [],
  );
  const notes = said.map((one) => ({ ...one, gone: () => setSaid((all) => all.filter(({ id }) => id !== one.id)) }));
  return (
    <AskContext value={asking}>
      <Inside number={number} link={link} notes={notes} say={asking.say} />
      {question && <Answer question={question} close={() => setQuestion(null)} />}
    </AskContext>
  );
}

function Answer({ question, close }: { question: Question; close: () => void }) {
  const run = useDo();
  const { title, body, text, tone, act, milder } = question;
  const acts = [
    ...(milder ? [{ text: milder.text, run: () => run(milder.act) }] : []),
    { text, tone, run: () => run(act) },
  ];
  return <Ask title={title} body={<p>{body}</p>} acts={acts} close={close} />;
}

interface InsideProps {
  number: string;
  link: string;
  notes: { id: string; text: string; gone: () => void }[];
  say: (text: string) => void;
}

function Inside({ number, link, notes, say }: InsideProps) {
  const t = useT();
  const room = useRoom();
  useHallCode(number);
  const snapshot = useSnapshot(room);
  const { state, microphone, camera, hand, sharing, screen } = snapshot;
  const narrow = useMedia('(max-width: 767px)');
  const [panel, setPanel] = useState<Panel>(null);
  const [over, setOver] = useState<'leave' | 'settings' | 'keys' | null>(null);
  const [pinned, pin] = useState<Tile | null>(null);
  const [layout, setLayout] = useLayout();
  const [full, setFull] = useFull();
  const unread = useUnread(panel === 'chat');
  const run = useDo();
  const toggle = useCallback((which: Exclude<Panel, null>) => setPanel((now) => (now === which ? null : which)), []);

  const copy = () => {
    void navigator.clipboard?.writeText(link).then(
      () => say(t('meet.note.copied')),
      () => say(t('meet.note.refused')),
    );
  };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = actOf(event);
      // A dialog or a menu that is open takes the keys itself.
      if (!act || document.querySelector('dialog[open], [role="menu"]')) return;
      // Enter and blank press a button that has the focus; letters do not.
      const acts: Partial<Record<typeof act, () => void>> = {
        microphone: () => void room.setMicrophone(!microphone),
        camera: () => void room.setCamera(!camera),
        hand: () => void room.setHand(!hand),
        screen: () => void room.setSharing(!sharing),
        chat: () => toggle('chat'),
        people: () => toggle('people'),
        votes: () => toggle('votes'),
        layout: () => setLayout(layouts[(layouts.indexOf(layout) + 1) % layouts.length] ?? 'grid'),
        full: setFull,
        help: () => setOver('keys'),
        close: () => setPanel(null),
      };
      event.preventDefault();
      acts[act]?.();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [room, microphone, camera, hand, sharing, layout, setLayout, setFull, toggle]);

  const host = ownPerson(state)?.role === 'host';
  return (
    <div className={`meeting${panel ? ' with-panel' : ''}`}>
      <Head
        number={number}
        narrow={narrow}
        layout={layout}
        setLayout={setLayout}
        full={full}
        setFull={setFull}
        copy={copy}
      />
      <main className="hall">
        <Hints />
        <VoteBanner shown={panel === 'votes'} open={() => setPanel('votes')} />
        <Consent />
        {panel !== 'agenda' && <AgendaPart open={() => setPanel('agenda')} />}
        <VenueBanner />
        <RoomsBanner choose={() => setPanel('rooms')} />
        {sharing && (
          <div className="hint sharing" role="status">
            <ScreenIcon />
            <p>
              <strong>{t('meet.tile.sharing')}</strong> <span>{t('meet.tile.sharingBody')}</span>
            </p>
            {!narrow && <Picture track={screen} label={t('meet.tile.sharing')} whole />}
            <button type="button" className="button small bad" onClick={() => void room.setSharing(false)}>
              {t('meet.bar.stopShare')}
            </button>
          </div>
        )}
        <StageView layout={layout} narrow={narrow} pinned={pinned} pin={pin} />
        <OverStage />
      </main>
      {panel && (
        <aside className="panel" aria-label={t(isInner(panel) ? `meet.inside.${panel}.title` : `meet.bar.${panel}`)}>
          <header className="panel-head">
            <h2>
              {panel === 'people'
                ? t('meet.people.title', { count: headcount(state) })
                : t(
                    isInner(panel)
                      ? `meet.inside.${panel}.title`
                      : panel === 'votes'
                        ? 'meet.bar.votes'
                        : 'meet.chat.title',
                  )}
            </h2>
            <button type="button" className="plain" aria-label={t('act.close')} onClick={() => setPanel(null)}>
              <CloseIcon />
            </button>
          </header>
          {panel === 'chat' && <Chat />}
          {panel === 'people' && <People />}
          {panel === 'votes' && <Votes />}
          {isInner(panel) && <InnerPanel which={panel} />}
        </aside>
      )}
      <Bar
        narrow={narrow}
        panel={panel}
        toggle={toggle}
        unread={unread}
        layout={layout}
        setLayout={setLayout}
        settings={() => setOver('settings')}
        keys={() => setOver('keys')}
        leave={() => setOver('leave')}
      />
      <Notes said={notes} open={() => setPanel('people')} />
      {over === 'leave' && (
        <Ask
          title={t(host ? 'meet.leave.hostTitle' : 'meet.leave.title')}
          body={host && <p>{t('meet.leave.hostBody')}</p>}
          close={() => setOver(null)}
          acts={[
            { text: t('meet.leave.leave'), tone: host ? undefined : 'bad', run: () => void room.leave() },
            ...(host ? [{ text: t('meet.leave.end'), tone: 'bad' as const, run: () => run({ do: 'end' }) }] : []),
          ]}
        />
      )}
      {over === 'settings' && <Settings close={() => setOver(null)} />}
      {over === 'keys' && <Keys close={() => setOver(null)} />}
    </div>
  );
}

function Settings({ close }: { close: () => void }) {
  const t = useT();
  const room = useRoom();
  const { camera, microphone, picture } = useSnapshot(room);
  const devices = useDevices(`${camera} ${microphone}`);
  return (
    <Dialog title={t('meet.settings.title')} close={close}>
      <div className="dialog-body settings">
        {camera && (
          <div className="settings-picture">
            <Picture track={picture} label={t('meet.door.preview')} mirror />
          </div>
        )}
        {(['camera', 'microphone', 'speaker'] as const).map((kind) => (
          <div key={kind} className="field">
            <span className="field-label">{t(`meet.door.${kind}`)}</span>
            <DeviceChoice kind={kind} devices={devices[kind]} pick={(id) => void room.use(kind, id)} />
            {kind === 'speaker' && <SpeakerTest />}
          </div>
        ))}
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button main" onClick={close}>
          {t('meet.settings.done')}
        </button>
      </footer>
    </Dialog>
  );
}

function Keys({ close }: { close: () => void }) {
  const t = useT();
  return (
    <Dialog title={t('meet.keys.title')} close={close}>
      <dl className="dialog-body keys">
        {told.map(([key, act]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`meet.keys.${act}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** The layout that the person likes, kept on the device. */
function useLayout(): [Layout, (layout: Layout) => void] {
  const [layout, setLayout] = useState<Layout>(() => layouts.find((one) => one === read('meet.layout')) ?? 'grid');
  const keep = useCallback((next: Layout) => {
    write('meet.layout', next);
    setLayout(next);
  }, []);
  return [layout, keep];
}

function useFull(): [boolean, () => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  const turn = useCallback(() => {
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen?.();
    void done?.catch(() => undefined);
  }, []);
  return [full, turn];
}

/** Lines of others that came while the chat was closed. */
function useUnread(open: boolean): number {
  const { fresh } = useSnapshot(useRoom()).state;
  const [seen, setSeen] = useState(fresh);
  useEffect(() => {
    if (open) setSeen(fresh);
  }, [open, fresh]);
  return open ? 0 : fresh - seen;
}
