import { api, asApiError, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { Badge, DetailDrawer, Facts, pick, type Tone, useAct, useCan, useLocale, useT } from '../index.ts';
import { CopyForm } from './CopyForm.tsx';
import { keys } from './data.ts';
import { capabilitiesQuery, roleQuery } from './queries.ts';
import { RoleForm } from './RoleForm.tsx';
import { byModule, chosen, difference, type Role } from './rights.ts';
import { useMade } from './useMade.ts';

const tones: Record<string, Tone> = { added: 'good', raised: 'good', lowered: 'warn', denied: 'bad', same: 'plain' };

interface Props {
  id: string | null;
  close: () => void;
  open: (id: string) => void;
}

/** One role: what it bundles, its own and inherited, with the differences to its parent. */
export function RoleDrawer({ id, close, open }: Props) {
  const t = useT();
  const locale = useLocale();
  const can = useCan();
  const { modal } = App.useApp();
  const writable = can('access.roles');
  const [form, setForm] = useState<'edit' | 'copy' | null>(null);
  const made = useMade<Role>(open, () => setForm(null));
  const { data: role, error, isPending, refetch } = useQuery(roleQuery(id ?? ''));
  const capabilities = useQuery({ ...capabilitiesQuery, enabled: id !== null });
  const publish = useAct({
    run: (template: string) =>
      take(
        api.POST('/v1/access/roles/{id}:publish', {
          params: { path: { id: id ?? '' } },
          body: { id: id ?? '', template },
        }),
      ),
    refresh: [keys.roles],
    said: (template) => t(template ? 'roles.publishedDone' : 'roles.withdrawnDone'),
  });
  const remove = useAct({
    run: () => take(api.DELETE('/v1/access/roles/{id}', { params: { path: { id: id ?? '' } } })),
    refresh: [keys.roles],
    said: t('roles.removed'),
    done: close,
  });
  const title = role ? pick(locale, role.titleZh, role.titleEn) : '';
  const own = role ? chosen(role.capabilities, false) : {};
  const inherited = role ? chosen(role.capabilities, true) : {};
  const groups = byModule(capabilities.data ?? [])
    .map((group) => ({ ...group, capabilities: group.capabilities.filter((c) => own[c.name] || inherited[c.name]) }))
    .filter((group) => group.capabilities.length > 0);
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      width={640}
      loading={isPending || capabilities.isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={title}
      badge={role && <Badge tone="plain">{t(`roles.originShort.${role.origin}`)}</Badge>}
      subtitle={role?.code}
      acts={
        role &&
        writable && (
          <>
            {role.origin === 'own' && (
              <Button type="primary" onClick={() => setForm('edit')}>
                {t('roles.edit')}
              </Button>
            )}
            {role.template !== 'locked' || role.origin === 'own' ? (
              <Button onClick={() => setForm('copy')}>
                {t(role.origin === 'template' ? 'roles.adopt' : 'roles.copy')}
              </Button>
            ) : (
              <Badge tone="note">{t('roles.lockedHint', { name: role.bodyName })}</Badge>
            )}
            {role.origin === 'own' && (
              <>
                <Dropdown
                  trigger={['click']}
                  menu={{
                    selectable: true,
                    selectedKeys: [role.template || 'none'],
                    items: [
                      { key: 'open', label: t('roles.publish.open') },
                      { key: 'locked', label: t('roles.publish.locked') },
                      { key: 'none', label: t('roles.publish.none'), disabled: !role.template },
                    ],
                    onClick: ({ key }) => publish.mutate(key === 'none' ? '' : key),
                  }}
                >
                  <Button loading={publish.isPending}>{t('roles.publish.title')}</Button>
                </Dropdown>
                <Button
                  danger
                  onClick={() =>
                    modal.confirm({
                      title: t('roles.removeAsk', { name: title }),
                      content: t('roles.removeHint'),
                      icon: null,
                      okText: t('roles.remove'),
                      okButtonProps: { danger: true },
                      cancelText: t('act.cancel'),
                      onOk: () => remove.mutate(undefined),
                    })
                  }
                >
                  {t('roles.remove')}
                </Button>
              </>
            )}
          </>
        )
      }
    >
      {role && (
        <>
          <Facts
            items={[
              {
                label: t('roles.parent'),
                value: role.parentId ? pick(locale, role.parentTitleZh, role.parentTitleEn) : t('roles.noParent'),
              },
              {
                label: t('roles.inUse'),
                value:
                  role.grants > 0 ? (
                    <Link to={`/access/grants?role=${role.id}`}>{t('roles.grants', { count: role.grants })}</Link>
                  ) : (
                    t('roles.unused')
                  ),
              },
              ...(role.template
                ? [{ label: t('roles.publish.title'), value: t(`roles.template.${role.template}`) }]
                : []),
              ...(role.about ? [{ label: t('roles.about'), value: role.about, wide: true }] : []),
            ]}
          />
          {groups.length === 0 && <p className="quiet">{t('roles.nothing')}</p>}
          {groups.map((group) => (
            <section key={group.module}>
              <h3 className="detail-section">{pick(locale, group.titleZh, group.titleEn)}</h3>
              <ul className="rights">
                {group.capabilities.map((c) => {
                  const mine = own[c.name];
                  const from = inherited[c.name];
                  const now = mine ?? from ?? '';
                  return (
                    <li key={c.name}>
                      <span className="rights-name">
                        {pick(locale, c.titleZh, c.titleEn)}
                        {c.sensitive && <Badge tone="warn">{t('roles.sensitive')}</Badge>}
                        {c.duty && <Badge tone="note">{t(`roles.duty.${c.duty}`)}</Badge>}
                      </span>
                      <span className="rights-said">
                        {mine && role.parentId ? (
                          <Badge tone={tones[difference(mine, from)] ?? 'plain'}>
                            {t(`roles.difference.${difference(mine, from)}`)}
                          </Badge>
                        ) : (
                          !mine && <Badge tone="plain">{t('roles.inherited')}</Badge>
                        )}
                        <span className={now.startsWith('deny') ? 'rights-deny' : ''}>
                          {t(`roles.choice.${now.replace(' ', '_')}`)}
                        </span>
                      </span>
                    </li>
                  );
                })}
              </ul>
            </section>
          ))}
          <RoleForm target={form === 'edit' ? { role } : null} close={() => setForm(null)} />
          <CopyForm role={form === 'copy' ? role : null} {...made} />
        </>
      )}
    </DetailDrawer>
  );
}
