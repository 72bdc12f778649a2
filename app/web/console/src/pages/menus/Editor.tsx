import { DownOutlined, PlusOutlined } from '@ant-design/icons';
import { api, asApiError, type Full, type Schemas, take, uuid } from '@gonghui/api';
import { Badge, dateTime, Fault, LeaveGuard, meKey, Section, useAct, useCan, useLocale, useT } from '@gonghui/ui';
import { App, Button, Dropdown } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { keys } from '../../data.ts';
import {
  change,
  fromFile,
  grouped,
  isOwn,
  type MenuItem,
  own,
  type Place,
  place,
  remove,
  same,
  sent,
  step,
  toFile,
} from './draft.ts';
import { ItemForm } from './ItemForm.tsx';
import { Items } from './Items.tsx';
import { Preview } from './Preview.tsx';
import { Versions } from './Versions.tsx';

type Menu = Full<Schemas['Menu']>;

/** The arrangement under one's hands: nothing is in force before it is saved. */
export function Editor({ place: at, menu }: { place: Place; menu: Menu }) {
  const t = useT();
  const locale = useLocale();
  const { modal, message } = App.useApp();
  const writable = useCan()('menu.write');
  const start = useMemo(() => grouped(menu.items), [menu.items]);
  const [items, setItems] = useState<MenuItem[]>(start);
  const [editing, setEditing] = useState<MenuItem | null>(null);
  const [history, setHistory] = useState(false);
  const [fault, setFault] = useState<{ key: string; text: string; traceId: string } | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  // The list is longer than the window, and the button stands below it: what is refused is brought into sight.
  useEffect(() => {
    if (fault) box.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' });
  }, [fault]);
  const dirty = !same(items, start);
  const clean = useRef(true);
  clean.current = !dirty;

  const edit = (next: MenuItem[]) => {
    setFault(null);
    setItems(next);
  };
  // A refusal names the item by its place in the list that was sent.
  const refuse = (thrown: unknown) => {
    const error = asApiError(thrown);
    const [, n] = error.field.match(/^items\[(\d+)\]/) ?? [];
    setFault({
      key: n ? (items[Number(n)]?.key ?? '') : '',
      text: error.text(locale),
      traceId: error.code >= 500 ? error.traceId : '',
    });
  };
  const path = { place: at };
  const ask = { place: at, role: menu.role, version: menu.version };
  const refresh = [keys.menus, meKey];
  const save = useAct({
    run: (list: MenuItem[]) =>
      take(api.PUT('/v1/menus/{place}', { params: { path }, body: { ...ask, items: list.map(sent) } })),
    refresh,
    said: t('menus.saved'),
    quiet: true,
  });
  const reset = useAct({
    run: () => take(api.POST('/v1/menus/{place}:reset', { params: { path }, body: ask })),
    refresh,
    said: t('menus.resetDone'),
  });
  const publish = useAct({
    run: () => take(api.POST('/v1/menus/{place}:publish', { params: { path }, body: ask })),
    refresh,
    said: t('menus.published'),
  });
  const withdraw = useAct({
    run: () => take(api.POST('/v1/menus/{place}:withdraw', { params: { path }, body: { place: at, role: menu.role } })),
    refresh,
    said: t('menus.withdrawn'),
  });

  const add = (kind: 'link' | 'group') => setEditing(own(kind, uuid));
  const put = (item: MenuItem) => {
    edit(items.some((i) => i.key === item.key) ? change(items, item.key, item) : grouped([...items, item]));
    setEditing(null);
  };
  const confirm = (title: string, content: string, okText: string, act: () => void) =>
    modal.confirm({ title, content, okText, cancelText: t('act.cancel'), icon: null, onOk: act });
  const keep = () => {
    const url = URL.createObjectURL(new Blob([toFile(at, items)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `menu-${at}${menu.role && `-${menu.role}`}.json`;
    link.click();
    URL.revokeObjectURL(url);
  };
  const load = async (chosen: File | undefined) => {
    const next = chosen && chosen.size < 200_000 ? fromFile(await chosen.text(), at, items) : null;
    if (!next) void message.error(t('menus.fileBad'));
    else {
      edit(next);
      void message.info(t('menus.fileTaken'));
    }
  };

  return (
    <div className="menus" ref={box}>
      <LeaveGuard dirty={() => !clean.current} />
      <Section
        title={t(`menus.list.${at}`)}
        about={
          menu.savedBy ? t('menus.savedBy', { who: menu.savedBy, at: dateTime(menu.savedAt) }) : t('menus.neverSaved')
        }
        action={
          writable && (
            <span className="row-acts">
              <Dropdown
                trigger={['click']}
                placement="bottomRight"
                menu={{
                  items: [
                    {
                      key: 'link',
                      label: t('menus.addLink'),
                      disabled: at !== 'console' && !items.some((i) => i.kind === 'group'),
                    },
                    { key: 'group', label: t(at === 'console' ? 'menus.addGroup' : 'menus.addColumn') },
                  ],
                  onClick: ({ key }) => add(key as 'link' | 'group'),
                }}
              >
                <Button icon={<PlusOutlined aria-hidden />}>{t('menus.add')}</Button>
              </Dropdown>
              <Dropdown
                trigger={['click']}
                placement="bottomRight"
                menu={{
                  items: [
                    { key: 'versions', label: t('menus.versions') },
                    { key: 'export', label: t('menus.export') },
                    { key: 'import', label: t('menus.import') },
                    { type: 'divider' },
                    { key: 'reset', label: t('menus.reset'), danger: true, disabled: !menu.changed },
                  ],
                  onClick: ({ key }) => {
                    if (key === 'versions') setHistory(true);
                    else if (key === 'export') keep();
                    else if (key === 'import') file.current?.click();
                    else
                      confirm(t('menus.resetAsk'), t('menus.resetHint'), t('menus.reset'), () =>
                        reset.mutate(undefined),
                      );
                  },
                }}
              >
                <Button>
                  {t('menus.more')} <DownOutlined aria-hidden />
                </Button>
              </Dropdown>
            </span>
          )
        }
      >
        <input
          ref={file}
          type="file"
          hidden
          accept="application/json,.json"
          aria-label={t('menus.import')}
          onChange={(event) => {
            void load(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        {fault && !fault.key && <Fault fault={fault} />}
        <Items
          items={items}
          writable={writable}
          place={at}
          fault={fault?.key ? fault : null}
          step={(key, by) => edit(step(items, key, by))}
          drop={(key, onto) => edit(place(items, key, onto))}
          hide={(key, hidden) => edit(change(items, key, { hidden }))}
          lock={(key, locked) => edit(change(items, key, { locked }))}
          edit={setEditing}
          remove={(key) => edit(remove(items, key))}
        />
        {writable && (
          <div className="menus-acts">
            <Button
              type="primary"
              disabled={!dirty}
              loading={save.isPending}
              onClick={() => {
                clean.current = true;
                save.mutateAsync(items).catch(refuse);
              }}
            >
              {t('act.save')}
            </Button>
            <Button disabled={!dirty} onClick={() => edit(start)}>
              {t('menus.discard')}
            </Button>
            {dirty && <span className="quiet">{t('menus.dirty')}</span>}
          </div>
        )}
      </Section>
      <div>
        <Preview place={at} items={items} />
        <Section title={t('menus.below')} about={t('menus.belowAbout')}>
          <p className="menus-below">
            {menu.publishedVersion === 0 ? (
              <Badge tone="plain">{t('menus.notPublished')}</Badge>
            ) : (
              <>
                <Badge tone={menu.publishedVersion === menu.version ? 'good' : 'warn'}>
                  {t(menu.publishedVersion === menu.version ? 'menus.publishedNow' : 'menus.publishedOld')}
                </Badge>
                <span className="quiet">
                  {t('menus.publishedBy', { who: menu.publishedBy, at: dateTime(menu.publishedAt) })}
                </span>
              </>
            )}
          </p>
          {writable && (
            <span className="row-acts">
              <Button
                disabled={dirty || !menu.changed || menu.publishedVersion === menu.version}
                loading={publish.isPending}
                onClick={() =>
                  confirm(
                    t('menus.publishAsk'),
                    t('menus.publishHint', { n: items.filter((i) => i.locked).length }),
                    t('menus.publish'),
                    () => publish.mutate(undefined),
                  )
                }
              >
                {t('menus.publish')}
              </Button>
              {menu.publishedVersion > 0 && (
                <Button
                  loading={withdraw.isPending}
                  onClick={() =>
                    confirm(t('menus.withdrawAsk'), t('menus.withdrawHint'), t('menus.withdraw'), () =>
                      withdraw.mutate(undefined),
                    )
                  }
                >
                  {t('menus.withdraw')}
                </Button>
              )}
            </span>
          )}
          {writable && dirty && <p className="quiet menus-note">{t('menus.saveFirst')}</p>}
        </Section>
      </div>
      <ItemForm
        item={editing}
        fresh={editing !== null && !items.some((i) => i.key === editing.key)}
        groups={items.filter((i) => i.kind === 'group')}
        place={at}
        own={editing !== null && isOwn(editing)}
        put={put}
        close={() => setEditing(null)}
      />
      <Versions open={history} place={at} menu={menu} close={() => setHistory(false)} />
    </div>
  );
}
