import { setElder, useElder, useT } from '@gonghui/ui/base';
import type { ReactNode } from 'react';
import { screensToShare } from '../media/devices.ts';
import {
  CameraIcon,
  ChatIcon,
  HandIcon,
  KeysIcon,
  LayoutIcon,
  LeaveIcon,
  MicIcon,
  MoreIcon,
  PeopleIcon,
  ScreenIcon,
  SettingsIcon,
  VoteIcon,
} from '../parts/icons.tsx';
import { Menu, type MenuAct } from '../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import type { Layout } from '../room/stage.ts';
import { headcount, leads, ownPerson } from '../room/state.ts';
import { asked } from '../vote/votes.ts';
import { type Inner, useInnerActs } from './inside/panels.tsx';
import { useRecordActs } from './Recording.tsx';

export type Panel = 'people' | 'chat' | 'votes' | Inner | null;

interface Props {
  narrow: boolean;
  panel: Panel;
  toggle: (panel: Exclude<Panel, null>) => void;
  unread: number;
  layout: Layout;
  setLayout: (layout: Layout) => void;
  settings: () => void;
  keys: () => void;
  leave: () => void;
}

/** What a person does most, always in the same place. */
export function Bar({ narrow, panel, toggle, unread, layout, setLayout, settings, keys, leave }: Props) {
  const t = useT();
  const room = useRoom();
  const { state, microphone, camera, sharing, hand, missing } = useSnapshot(room);
  const me = ownPerson(state);
  const speaks = me?.role !== 'audience';
  const wanted = state.votes.filter((vote) => asked(vote, state.me)).length;
  const waiting = leads(me) ? state.knocks.length : 0;
  const record = useRecordActs();
  // Six large buttons fit a phone: the chat is then in the menu.
  const elder = useElder();
  const few = elder && narrow;
  const more: MenuAct[] = [
    ...record,
    ...(narrow
      ? (['grid', 'speaker'] as const).map((one) => ({
          key: one,
          text: t(`meet.layout.${one}`),
          icon: <LayoutIcon of={one} />,
          checked: layout === one || (one === 'speaker' && layout === 'sidebar'),
          run: () => setLayout(one),
        }))
      : []),
    ...(narrow
      ? [
          {
            key: 'hand',
            text: t(hand ? 'meet.bar.handDown' : 'meet.bar.hand'),
            icon: <HandIcon />,
            run: () => void room.setHand(!hand),
          },
        ]
      : []),
    ...(narrow && speaks && screensToShare()
      ? [
          {
            key: 'share',
            text: t(sharing ? 'meet.bar.stopShare' : 'meet.bar.share'),
            icon: <ScreenIcon off={sharing} />,
            run: () => void room.setSharing(!sharing),
          },
        ]
      : []),
    ...(few
      ? [
          {
            key: 'chat',
            text: unread > 0 ? t('meet.bar.chatUnread', { count: unread }) : t('meet.bar.chat'),
            icon: <ChatIcon />,
            run: () => toggle('chat'),
          },
        ]
      : []),
    ...useInnerActs(toggle),
    { key: 'settings', text: t('meet.bar.settings'), icon: <SettingsIcon />, run: settings },
    { key: 'elder', text: t(elder ? 'meet.elder.off' : 'meet.elder.on'), run: () => setElder(!elder) },
    ...(narrow ? [] : [{ key: 'keys', text: t('meet.bar.keys'), icon: <KeysIcon />, run: keys }]),
  ];
  return (
    <nav className="bar" aria-label={t('meet.bar.label')}>
      {speaks && (
        <>
          <BarButton
            text={t(microphone ? 'meet.bar.mute' : 'meet.bar.unmute')}
            keyName="M"
            off={!microphone}
            warn={missing.microphone !== null}
            press={() => void room.setMicrophone(!microphone)}
          >
            <MicIcon off={!microphone} />
          </BarButton>
          <BarButton
            text={t(camera ? 'meet.bar.stopVideo' : 'meet.bar.startVideo')}
            keyName="V"
            off={!camera}
            warn={missing.camera !== null}
            press={() => void room.setCamera(!camera)}
          >
            <CameraIcon off={!camera} />
          </BarButton>
        </>
      )}
      {!narrow && speaks && screensToShare() && (
        <BarButton
          text={t(sharing ? 'meet.bar.stopShare' : 'meet.bar.share')}
          keyName="S"
          on={sharing}
          press={() => void room.setSharing(!sharing)}
        >
          <ScreenIcon off={sharing} />
        </BarButton>
      )}
      {(!narrow || !speaks) && (
        <BarButton
          text={t(hand ? 'meet.bar.handDown' : 'meet.bar.hand')}
          keyName="H"
          on={hand}
          press={() => void room.setHand(!hand)}
        >
          <HandIcon />
        </BarButton>
      )}
      <BarButton
        text={t('meet.bar.people')}
        keyName="P"
        expanded={panel === 'people'}
        press={() => toggle('people')}
        count={waiting || headcount(state)}
        alert={waiting > 0}
        countText={waiting > 0 ? t('meet.bar.waiting', { count: waiting }) : ''}
      >
        <PeopleIcon />
      </BarButton>
      {!few && (
        <BarButton
          text={t('meet.bar.chat')}
          keyName="C"
          expanded={panel === 'chat'}
          press={() => toggle('chat')}
          count={unread}
          alert
          countText={unread > 0 ? t('meet.bar.unread', { count: unread }) : ''}
        >
          <ChatIcon />
        </BarButton>
      )}
      {(leads(me) || state.votes.length > 0) && (
        <BarButton
          text={t('meet.bar.votes')}
          keyName="B"
          expanded={panel === 'votes'}
          press={() => toggle('votes')}
          count={wanted}
          alert
          countText={wanted > 0 ? t('meet.bar.voteNow', { count: wanted }) : ''}
        >
          <VoteIcon />
        </BarButton>
      )}
      <Menu label={t('meet.bar.more')} className="bar-button" acts={more}>
        <span className="bar-icon">
          <MoreIcon />
          {few && unread > 0 && (
            <span className="bar-count num alert" aria-hidden="true">
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </span>
        <span className="bar-text">{t('meet.bar.more')}</span>
      </Menu>
      <button type="button" className="bar-button leave" onClick={leave}>
        <span className="bar-icon">
          <LeaveIcon />
        </span>
        <span className="bar-text">{t(me?.role === 'host' ? 'meet.bar.end' : 'meet.bar.leave')}</span>
      </button>
    </nav>
  );
}

interface ButtonProps {
  text: string;
  keyName: string;
  press: () => void;
  children: ReactNode;
  /** Is turned off, which is to be seen. */
  off?: boolean;
  /** Does something that goes on. */
  on?: boolean;
  warn?: boolean;
  /** Opens something that is open, or not. */
  expanded?: boolean;
  count?: number;
  alert?: boolean;
  countText?: string;
}

function BarButton({
  text,
  keyName,
  press,
  children,
  off,
  on,
  warn,
  expanded,
  count = 0,
  alert,
  countText,
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`bar-button${off ? ' off' : ''}${on ? ' on' : ''}`}
      aria-expanded={expanded}
      aria-keyshortcuts={keyName}
      title={`${text} (${keyName})`}
      onClick={press}
    >
      <span className="bar-icon">
        {children}
        {warn && <span className="bar-warn" aria-hidden="true" />}
        {count > 0 && (
          <span className={`bar-count num${alert ? ' alert' : ''}`} aria-hidden="true">
            {count > 99 ? '99+' : count}
          </span>
        )}
      </span>
      <span className="bar-text">{text}</span>
      {countText && <span className="unseen">{countText}</span>}
    </button>
  );
}
