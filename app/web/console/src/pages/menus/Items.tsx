import { DeleteOutlined, EditOutlined, HolderOutlined, LockOutlined, UnlockOutlined } from '@ant-design/icons';
import { Badge, pick, useLocale, useT } from '@gonghui/ui';
import { Button, Switch } from 'antd';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { isOwn, type MenuItem, movable, type Place } from './draft.ts';

interface Props {
  items: MenuItem[];
  writable: boolean;
  place: Place;
  /** What the server refused, and of which item. */
  fault: { key: string; text: string } | null;
  step: (key: string, by: 1 | -1) => void;
  drop: (key: string, onto: string) => void;
  hide: (key: string, hidden: boolean) => void;
  lock: (key: string, locked: boolean) => void;
  edit: (item: MenuItem) => void;
  remove: (key: string) => void;
}

/** The items in their order: moved by the handle, with mouse, finger or the arrow keys. */
export function Items(props: Props) {
  const t = useT();
  const locale = useLocale();
  const { items, writable, place } = props;
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const name = (item: MenuItem) => pick(locale, item.titleZh, item.titleEn || item.titleZh);

  const arrows = (event: KeyboardEvent, item: MenuItem) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    props.step(item.key, by);
    const beside = items.filter((i) => i.group === item.group);
    const at = Math.min(Math.max(beside.indexOf(item) + by, 0), beside.length - 1);
    setSaid(t('menus.movedTo', { name: name(item), n: at + 1, all: beside.length }));
  };
  // Under the finger or the pointer lies the row that makes room.
  const drag = (event: PointerEvent) => {
    if (!dragged) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-item]');
    const onto = under?.dataset.item;
    if (onto && onto !== dragged && list.current?.contains(under)) props.drop(dragged, onto);
  };

  return (
    <>
      <p className="unseen" aria-live="polite">
        {said}
      </p>
      <ul className="menu-items" ref={list}>
        {items.map((item) => {
          const held = item.lockedByCode !== '';
          const inGroup = items.some((i) => i.key === item.group);
          const fault = props.fault?.key === item.key ? props.fault.text : '';
          const classes = ['menu-item', inGroup && 'menu-item-in', dragged === item.key && 'menu-item-dragged'];
          return (
            <li key={item.key} data-item={item.key} className={classes.filter(Boolean).join(' ')}>
              {writable && (
                <button
                  type="button"
                  className="menu-handle"
                  aria-label={t('menus.move', { name: name(item) })}
                  title={held ? t('menus.heldFast', { name: item.lockedByName }) : t('menus.moveHint')}
                  disabled={!movable(item)}
                  onKeyDown={(event) => arrows(event, item)}
                  onPointerDown={(event) => {
                    event.currentTarget.setPointerCapture(event.pointerId);
                    setDragged(item.key);
                  }}
                  onPointerMove={drag}
                  onPointerUp={() => setDragged(null)}
                  onPointerCancel={() => setDragged(null)}
                >
                  <HolderOutlined aria-hidden />
                </button>
              )}
              <div className="menu-item-text">
                <span className={item.hidden ? 'row-name row-past' : 'row-name'}>
                  {name(item) || t('menus.untitled')}
                  {item.kind === 'group' && place === 'console' && <Badge tone="plain">{t('menus.kind.group')}</Badge>}
                  {item.kind === 'group' && place !== 'console' && <Badge tone="plain">{t('menus.kind.links')}</Badge>}
                  {held && (
                    <Badge tone="note">
                      <LockOutlined aria-hidden /> {t('menus.heldFast', { name: item.lockedByName })}
                    </Badge>
                  )}
                  {!item.held && <Badge tone="plain">{t('menus.notHeld')}</Badge>}
                </span>
                <span className="row-sub">
                  {[
                    item.kind === 'link' ? item.url : '',
                    item.inheritedTitleZh !== '' && item.titleZh !== item.inheritedTitleZh
                      ? t('menus.called', { name: pick(locale, item.inheritedTitleZh, item.inheritedTitleEn) })
                      : '',
                    item.originName ? t('menus.from', { name: item.originName }) : '',
                    item.capability
                      ? t('menus.needs', { what: pick(locale, item.capabilityTitleZh, item.capabilityTitleEn) })
                      : '',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
                {fault && (
                  <span className="menu-item-fault" role="alert">
                    {fault}
                  </span>
                )}
              </div>
              <span className="menu-item-acts">
                <Switch
                  size="small"
                  aria-label={t('menus.show', { name: name(item) })}
                  checked={!item.hidden}
                  disabled={!writable || held || item.fixed}
                  onChange={(shown) => props.hide(item.key, !shown)}
                />
                {writable && (
                  <>
                    <Button
                      type="text"
                      icon={item.locked || held ? <LockOutlined aria-hidden /> : <UnlockOutlined aria-hidden />}
                      aria-label={t('menus.lock', { name: name(item) })}
                      aria-pressed={item.locked || held}
                      title={t(item.locked ? 'menus.lockedHint' : 'menus.unlockedHint')}
                      disabled={held}
                      onClick={() => props.lock(item.key, !item.locked)}
                    />
                    <Button
                      type="text"
                      icon={<EditOutlined aria-hidden />}
                      aria-label={t('menus.edit', { name: name(item) })}
                      title={t('menus.rename')}
                      disabled={held}
                      onClick={() => props.edit(item)}
                    />
                    {isOwn(item) && (
                      <Button
                        type="text"
                        icon={<DeleteOutlined aria-hidden />}
                        aria-label={t('menus.remove', { name: name(item) })}
                        title={t('menus.removeTitle')}
                        onClick={() => props.remove(item.key)}
                      />
                    )}
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
