import { PlusOutlined } from '@ant-design/icons';
import { api, asApiError, take, uuid } from '@gonghui/api';
import { Badge, Bars, ErrorState, Section, useCan, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Select } from 'antd';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { change, grouped, isOwn, type MenuItem, own, place, remove, roles, same, step } from '../menus/draft.ts';
import { ItemForm } from '../menus/ItemForm.tsx';
import { Items } from '../menus/Items.tsx';
import { drafted } from './home.ts';
import type { Arrangement } from './profile.ts';
import type { Design } from './useDesign.ts';

/** The blocks of the members' first page, for all or for one role: moved, named, hidden, with columns of links. */
export function HomePart({ design }: { design: Design }) {
  const t = useT();
  const id = useId();
  const writable = useCan()('menu.write');
  const [role, setRole] = useState('');
  const [editing, setEditing] = useState<MenuItem | null>(null);
  const menu = useQuery({
    queryKey: [...keys.menus, 'portal', role],
    queryFn: () => take(api.GET('/v1/menus/{place}', { params: { path: { place: 'portal' }, query: { role } } })),
    refetchOnWindowFocus: false,
  });
  const wishes = design.profile.home ?? [];
  const wish = wishes.find((one) => one.role === role);
  const start = menu.data ? grouped(menu.data.items) : [];
  const items = wish ? drafted(start, wish.items) : start;
  const put = (to: Partial<Arrangement>, touched = '') => {
    const next = { role, version: menu.data?.version ?? 0, handDown: false, items, ...wish, ...to };
    const rest = wishes.filter((one) => one.role !== role);
    // As it is already: nothing to publish.
    const nothing = same(next.items, start) && !next.handDown;
    design.edit({ home: nothing ? rest : [...rest, next] }, touched);
  };
  const edit = (next: MenuItem[], touched = '') => put({ items: next }, touched);
  const save = (item: MenuItem) => {
    edit(items.some((i) => i.key === item.key) ? change(items, item.key, item) : grouped([...items, item]));
    setEditing(null);
  };
  const n = wishes.findIndex((one) => one.role === role);
  const [, bad] = design.fault?.field.match(/^profile\.home\[(\d+)\]\.items\[\d+\]/) ?? [];
  const at = design.fault?.field.match(/items\[(\d+)\]/)?.[1];
  const fault =
    design.fault && bad !== undefined && Number(bad) === n && at !== undefined
      ? { key: wish?.items[Number(at)]?.key ?? '', text: design.fault.text }
      : null;
  return (
    <Section
      title={t('branding.home')}
      about={t('branding.homeAbout')}
      action={
        writable && (
          <span className="row-acts">
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing(own('group', uuid))}>
              {t('menus.addColumn')}
            </Button>
            <Button
              icon={<PlusOutlined aria-hidden />}
              disabled={!items.some((i) => i.kind === 'group')}
              onClick={() => setEditing(own('link', uuid))}
            >
              {t('menus.addLink')}
            </Button>
          </span>
        )
      }
    >
      <div className="menus-bar">
        <label htmlFor={`${id}role`}>{t('menus.whose')}</label>
        <Select
          id={`${id}role`}
          value={role}
          options={roles.map((value) => ({ value, label: t(`menus.role.${value || 'all'}`) }))}
          onChange={setRole}
        />
        {wish && <Badge tone="note">{t('branding.homeDrafted')}</Badge>}
        <span className="quiet">{t(role ? 'menus.roleHint' : 'menus.allHint')}</span>
      </div>
      {menu.error && !menu.data ? (
        <ErrorState error={asApiError(menu.error)} retry={() => void menu.refetch()} />
      ) : !menu.data ? (
        <Bars rows={5} height={40} />
      ) : (
        <>
          <Items
            items={items}
            writable={writable}
            place="portal"
            fault={fault}
            step={(key, by) => edit(step(items, key, by))}
            drop={(key, onto) => edit(place(items, key, onto), `home.${key}`)}
            hide={(key, hidden) => edit(change(items, key, { hidden }))}
            lock={(key, locked) => edit(change(items, key, { locked }))}
            edit={setEditing}
            remove={(key) => edit(remove(items, key))}
          />
          {writable && (
            <p className="design-fixed">
              <Checkbox checked={wish?.handDown ?? false} onChange={({ target }) => put({ handDown: target.checked })}>
                {t('branding.homeHandDown')}
              </Checkbox>
            </p>
          )}
          <p className="quiet">{t('branding.homeMore')}</p>
          <div className="row-acts">
            <Link to="/menus/console">{t('branding.homeConsole')}</Link>
            <Link to="/menus/portal">{t('branding.homeVersions')}</Link>
          </div>
        </>
      )}
      <ItemForm
        item={editing}
        fresh={editing !== null && !items.some((i) => i.key === editing.key)}
        groups={items.filter((i) => i.kind === 'group')}
        place="portal"
        own={editing !== null && isOwn(editing)}
        put={save}
        close={() => setEditing(null)}
      />
    </Section>
  );
}
