import { CopyOutlined, PlusOutlined } from '@ant-design/icons';
import { asApiError } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { Badge, Bars, EmptyState, ErrorState, pick, Section, useCan, useDetail, useLocale, useT } from '../index.ts';
import { rolesQuery } from './queries.ts';
import { RoleDrawer } from './RoleDrawer.tsx';
import { RoleForm } from './RoleForm.tsx';
import type { Role } from './rights.ts';
import { useMade } from './useMade.ts';

const origins = ['own', 'template', 'builtin'] as const;

/** The roles of the body, what the bodies above publish, and what the product has. */
export function RolesTab() {
  const t = useT();
  const locale = useLocale();
  const writable = useCan()('access.roles');
  const detail = useDetail('/access/roles');
  const roles = useQuery(rolesQuery);
  const [adding, setAdding] = useState(false);
  const made = useMade<Role>(detail.open, () => setAdding(false));
  if (roles.error && !roles.data)
    return <ErrorState error={asApiError(roles.error)} retry={() => void roles.refetch()} />;
  const add = writable && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
      {t('roles.add')}
    </Button>
  );
  const row = (role: Role) => (
    <li key={role.id}>
      <div className="row-text">
        <Link to={detail.href(role.id)} className="row-name">
          {pick(locale, role.titleZh, role.titleEn)}
        </Link>
        <span className="row-sub">
          {[
            role.about,
            role.parentId ? t('roles.inherits', { name: pick(locale, role.parentTitleZh, role.parentTitleEn) }) : '',
            role.origin === 'template' ? t('roles.publishedBy', { name: role.bodyName }) : '',
            role.grants > 0 ? t('roles.grants', { count: role.grants }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      <span className="row-acts">
        {role.template && (
          <Badge tone={role.template === 'locked' ? 'note' : 'good'}>{t(`roles.template.${role.template}`)}</Badge>
        )}
        {writable && role.origin === 'template' && role.template === 'open' && (
          <Button icon={<CopyOutlined aria-hidden />} onClick={() => detail.open(role.id)}>
            {t('roles.adopt')}
          </Button>
        )}
      </span>
    </li>
  );
  return (
    <>
      {origins.map((origin) => {
        const some = roles.data?.filter((role) => role.origin === origin) ?? [];
        if (roles.data && origin === 'template' && some.length === 0) return null;
        return (
          <Section
            key={origin}
            title={t(`roles.origin.${origin}`)}
            about={t(`roles.originAbout.${origin}`)}
            action={origin === 'own' ? add : undefined}
          >
            {!roles.data ? (
              <Bars rows={3} height={40} />
            ) : some.length === 0 ? (
              <EmptyState title={t('roles.empty')} why={t('roles.emptyWhy')} />
            ) : (
              <ul className="rows">{some.map(row)}</ul>
            )}
          </Section>
        );
      })}
      <RoleDrawer id={detail.id} close={detail.close} open={detail.open} />
      <RoleForm target={adding ? { role: null } : null} {...made} />
    </>
  );
}
