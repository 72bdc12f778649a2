import { HolderOutlined } from '@ant-design/icons';
import { Badge, pick, useLocale, useT } from '@gonghui/ui';
import { Switch } from 'antd';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { PartFrame } from './PartFrame.tsx';
import { ownOf, whole } from './profile.ts';
import { FEWEST, MOST, place, step, turn } from './tabs.ts';
import type { Design } from './useDesign.ts';

/** The row at the foot of the members' app: moved by the handle, with mouse, finger or the arrow keys. */
export function TabsPart({ design }: { design: Design }) {
  const t = useT();
  const locale = useLocale();
  const { keys } = whole(design.profile, ownOf(design.branding.inherited)).tabs;
  const [dragged, setDragged] = useState('');
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const set = (next: string[], touched = '') => design.edit({ tabs: { keys: next } }, touched);
  const all = design.branding.tabs;
  const shown = keys.flatMap((key) => all.filter((one) => one.key === key));
  const rest = all.filter((one) => !keys.includes(one.key));

  const arrows = (event: KeyboardEvent, key: string, name: string) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const next = step(keys, key, by);
    set(next);
    setSaid(t('menus.movedTo', { name, n: next.indexOf(key) + 1, all: next.length }));
  };
  // Under the finger or the pointer lies the row that makes room. One drag is one step to undo.
  const drag = (event: PointerEvent) => {
    if (!dragged) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-tab]');
    const onto = under?.dataset.tab;
    if (onto && onto !== dragged && list.current?.contains(under)) set(place(keys, dragged, onto), `tabs.${dragged}`);
  };

  return (
    <PartFrame design={design} part="tabs" own={() => set(keys)}>
      <p className="unseen" aria-live="polite">
        {said}
      </p>
      <ul className="menu-items" ref={list} aria-label={t('branding.part.tabs')}>
        {[...shown, ...rest].map(({ key, titleZh, titleEn, fixed }) => {
          const name = pick(locale, titleZh, titleEn);
          const on = keys.includes(key);
          const full = on ? keys.length <= FEWEST : keys.length >= MOST;
          return (
            <li
              key={key}
              data-tab={on ? key : undefined}
              className={dragged === key ? 'menu-item menu-item-dragged' : 'menu-item'}
            >
              <button
                type="button"
                className="menu-handle"
                aria-label={t('menus.move', { name })}
                title={t('menus.moveHint')}
                disabled={!on}
                onKeyDown={(event) => arrows(event, key, name)}
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId);
                  setDragged(key);
                }}
                onPointerMove={drag}
                onPointerUp={() => setDragged('')}
                onPointerCancel={() => setDragged('')}
              >
                <HolderOutlined aria-hidden />
              </button>
              <div className="menu-item-text">
                <span className={on ? 'row-name' : 'row-name row-past'}>
                  {name} {fixed && <Badge tone="plain">{t('branding.always')}</Badge>}
                </span>
              </div>
              <Switch
                checked={on}
                disabled={fixed || full}
                aria-label={t('menus.show', { name })}
                onChange={(next) => set(turn(keys, key, next))}
              />
            </li>
          );
        })}
      </ul>
    </PartFrame>
  );
}
