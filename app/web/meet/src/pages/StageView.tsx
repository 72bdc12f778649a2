import { useT } from '@gonghui/ui/base';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Wish } from '../media/places.ts';
import { ArrowIcon } from '../parts/icons.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { useSize } from '../parts/useSize.ts';
import { grid, paged, perPage, UPRIGHT, WIDE } from '../room/grid.ts';
import { onAir } from '../room/inside.ts';
import { type Layout, ordered, type Tile as Shown, stage, tileKey } from '../room/stage.ts';
import { Tile } from './Tile.tsx';

/** CSS pixels between tiles. */
const GAP = 8;
/** The height of a tile beside the large one. */
const SMALL = { wide: 118, narrow: 84 };

interface Props {
  layout: Layout;
  narrow: boolean;
  pinned: Shown | null;
  pin: (tile: Shown | null) => void;
}

/** Everybody who is shown: as a grid, or one large and the others beside or above. */
export function StageView({ layout, narrow, pinned, pin }: Props) {
  const t = useT();
  const room = useRoom();
  const { state: whole, views } = useSnapshot(room);
  const { venues } = whole.inside;
  // Of several venues those are shown that all see.
  const state = useMemo(
    () => (venues.on ? { ...whole, persons: whole.persons.filter((one) => onAir(one.participant, venues)) } : whole),
    [whole, venues],
  );
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const [page, setPage] = useState(0);
  const before = useRef<string[]>([]);
  const first = perPage(width, height);
  const order = useMemo(() => ordered(before.current, state, first), [state, first]);
  useEffect(() => {
    before.current = order;
  }, [order]);
  const upright = narrow && height > width;
  const phone = upright ? 'upright' : narrow ? 'aside' : '';
  const shown = useMemo(() => stage(state, order, layout, pinned, phone), [state, order, layout, pinned, phone]);

  const shape = upright && !shown.large ? UPRIGHT : WIDE;
  const small = narrow ? SMALL.narrow : SMALL.wide;
  const wideTile = Math.round(small * WIDE);
  const along = shown.layout === 'sidebar' ? height : width;
  const length = shown.layout === 'sidebar' ? small : wideTile;
  const fits = Math.max(1, Math.floor((along + GAP) / (length + GAP)));
  const at = paged(shown.tiles.length, shown.large ? fits : first, page);
  const tiles = shown.tiles.slice(at.from, at.to);
  const cells = grid(tiles.length, width, height, GAP, shape);
  const beside = shown.large !== null && tiles.length > 0;
  const large = {
    width: beside && shown.layout === 'sidebar' ? width - wideTile - GAP : width,
    height: beside && shown.layout === 'speaker' ? height - small - GAP : height,
  };

  const wishes = useMemo(() => {
    const pixels = (css: number) => Math.max(1, Math.round(css * devicePixelRatio));
    const visible = (tile: Shown) => {
      const person = state.persons.find((one) => one.participant === tile.participant);
      return tile.participant !== state.me && (tile.source === 'screen' ? person?.sharing : person?.camera);
    };
    const all: Wish[] = [];
    if (shown.large && visible(shown.large))
      all.push({ ...shown.large, height: pixels(large.height), priority: shown.large.source === 'screen' ? 10 : 8 });
    const tall = shown.large ? small : cells.height;
    for (const tile of tiles) if (visible(tile)) all.push({ ...tile, height: pixels(tall), priority: 4 });
    return width > 0 ? all : [];
  }, [shown, tiles, state, large.height, cells.height, small, width]);
  // What is told to the server changes only when something else is to be seen.
  const key = JSON.stringify(wishes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the wishes; views change when a new connection begins
  useEffect(() => room.see(wishes), [room, key, views]);

  // One list in every layout: a tile that changes its place keeps its picture.
  const size = shown.large ? { width: wideTile, height: small } : { width: cells.width, height: cells.height };
  const all = [
    ...(shown.large ? [{ one: shown.large, style: large, isLarge: true }] : []),
    ...tiles.map((one) => ({ one, style: size, isLarge: false })),
  ];
  return (
    <div ref={box} className={`stage stage-${shown.layout}`} data-layout={shown.layout}>
      {width > 0 && (
        <ul className="tiles">
          {all.map(({ one, style, isLarge }) => (
            <Tile
              key={tileKey(one)}
              tile={one}
              style={style}
              large={isLarge}
              pinned={pinned !== null && tileKey(pinned) === tileKey(one)}
              pin={pin}
            />
          ))}
        </ul>
      )}
      {at.pages > 1 && (
        <nav className="pager" aria-label={t('meet.tile.page', { page: at.page + 1, pages: at.pages })}>
          <button
            type="button"
            className="over"
            aria-label={t('meet.tile.previous')}
            disabled={at.page === 0}
            onClick={() => setPage(at.page - 1)}
          >
            <ArrowIcon to="left" />
          </button>
          <span className="num">
            {at.page + 1} / {at.pages}
          </span>
          <button
            type="button"
            className="over"
            aria-label={t('meet.tile.next')}
            disabled={at.page >= at.pages - 1}
            onClick={() => setPage(at.page + 1)}
          >
            <ArrowIcon to="right" />
          </button>
        </nav>
      )}
    </div>
  );
}
