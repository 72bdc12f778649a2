import { useT } from '@gonghui/ui/base';
import { useEffect, useState } from 'react';
import { BarsIcon, CopyIcon, FullIcon, LayoutIcon, LockIcon } from '../parts/icons.tsx';
import { Menu } from '../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import type { Layout } from '../room/stage.ts';
import { clock, spaced } from './meeting.ts';
import { RecordMark } from './Recording.tsx';

interface Props {
  number: string;
  narrow: boolean;
  layout: Layout;
  setLayout: (layout: Layout) => void;
  full: boolean;
  setFull: () => void;
  copy: () => void;
}

const layouts = ['grid', 'speaker', 'sidebar'] as const;

/** What the meeting is called, how long it goes on, how the network does. */
export function Head({ number, narrow, layout, setLayout, full, setFull, copy }: Props) {
  const t = useT();
  const { title, state, bars, away } = useSnapshot(useRoom());
  const network = t('meet.head.network', { state: t(`meet.head.bars.${away ? 1 : bars}`) });
  return (
    <header className="head">
      <div className="head-title">
        <h1>{title}</h1>
        <p className="num">
          {state.room.locked && (
            <span role="img" aria-label={t('meet.head.locked')} title={t('meet.head.locked')}>
              <LockIcon />
            </span>
          )}
          <span>{narrow ? spaced(number) : t('meet.number', { number: spaced(number) })}</span>
          {state.room.began > 0 && <Lasting since={state.room.began} />}
          <RecordMark />
        </p>
      </div>
      <div className="head-acts">
        <span className="network" role="img" aria-label={network} title={network}>
          <BarsIcon bars={away ? 1 : bars} />
        </span>
        <button
          type="button"
          className="plain"
          aria-label={t('meet.head.copyLink')}
          title={t('meet.head.copyLink')}
          onClick={copy}
        >
          <CopyIcon />
        </button>
        {!narrow && (
          <>
            <Menu
              label={t('meet.head.layout')}
              acts={layouts.map((one) => ({
                key: one,
                text: t(`meet.layout.${one}`),
                icon: <LayoutIcon of={one} />,
                checked: layout === one,
                run: () => setLayout(one),
              }))}
            >
              <LayoutIcon of={layout} />
            </Menu>
            <button
              type="button"
              className="plain"
              aria-label={t(full ? 'meet.head.unfull' : 'meet.head.full')}
              title={t(full ? 'meet.head.unfull' : 'meet.head.full')}
              onClick={setFull}
            >
              <FullIcon on={full} />
            </button>
          </>
        )}
      </div>
    </header>
  );
}

function Lasting({ since }: { since: number }) {
  const t = useT();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const time = clock(now - since);
  return <time title={t('meet.head.lasting', { time })}>{time}</time>;
}
