import { PlusOutlined } from '@ant-design/icons';
import { api, asApiError, take } from '@gonghui/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import {
  Badge,
  Bars,
  EmptyState,
  ErrorState,
  type Grant,
  pick,
  Section,
  type Tone,
  useCan,
  useDetail,
  useLocale,
  useMe,
  useT,
  whatWords,
  whenWords,
  whereWords,
} from '../index.ts';
import { keys } from './data.ts';
import { GrantDrawer } from './GrantDrawer.tsx';
import { GrantTree } from './GrantTree.tsx';
import { capabilitiesQuery, rolesQuery, useCapabilityTitle } from './queries.ts';
import { useSeat } from './seat.ts';

export const grantTones: Record<string, Tone> = { running: 'good', waiting: 'note', past: 'plain', ended: 'plain' };
const kinds = ['identity', 'post', 'group', 'account', 'app'];

export interface GrantFilter {
  subjectKind?: string;
  subjectId?: string;
  capability?: string;
  roleId?: string;
  bodyCode?: string;
  past?: boolean;
}

/** The grants that fit, page after page. */
export function useGrants(filter: GrantFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...keys.grants, filter],
    enabled,
    queryFn: ({ pageParam }) =>
      take(api.GET('/v1/access/grants', { params: { query: { ...filter, pageSize: 50, pageToken: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
}

/** Who has what where: as a list, and drawn on the tree of bodies. */
export function GrantsTab() {
  const t = useT();
  const locale = useLocale();
  const navigate = useNavigate();
  const can = useCan();
  const [params, setParams] = useSearchParams();
  const detail = useDetail('/access/grants');
  const [chosen, setChosen] = useState<string | null>(null);
  const roles = useQuery(rolesQuery);
  const capabilities = useQuery(capabilitiesQuery);
  const of = (key: string) => params.get(key) ?? '';
  const set = (key: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value) next.set(key, value);
    else next.delete(key);
    setParams(next, { replace: true });
  };
  const filter: GrantFilter = {
    subjectKind: of('kind'),
    subjectId: of('subject'),
    capability: of('capability'),
    roleId: of('role'),
    bodyCode: of('body'),
    past: of('past') === '1',
  };
  const filtered = [...params.keys()].length > 0;
  const list = useGrants(filter);
  const grants = list.data?.pages.flatMap((page) => page.grants) ?? [];
  const { above } = useSeat();
  const add = can('access.grant') && !above && (
    <Button
      type="primary"
      icon={<PlusOutlined aria-hidden />}
      onClick={() =>
        void navigate(`/access/grants/new${of('subject') && `?kind=${of('kind')}&subject=${of('subject')}`}`)
      }
    >
      {t('grants.add')}
    </Button>
  );
  return (
    <div className="two-columns grants">
      <Section title={t('grants.title')} about={t('grants.about')} action={add}>
        <search className="grants-filters" aria-label={t('list.filters')}>
          <Select
            aria-label={t('grants.kind')}
            value={filter.subjectKind}
            options={[
              { value: '', label: t('grants.anyKind') },
              ...kinds.map((value) => ({ value, label: t(`grants.kinds.${value}`) })),
            ]}
            onChange={(value: string) => set('kind', value)}
          />
          <Select
            aria-label={t('grants.role')}
            showSearch={{ optionFilterProp: 'label' }}
            value={filter.roleId}
            options={[
              { value: '', label: t('grants.anyRole') },
              ...(roles.data ?? []).map((role) => ({
                value: role.id,
                label: pick(locale, role.titleZh, role.titleEn),
              })),
            ]}
            onChange={(value: string) => set('role', value)}
          />
          <Select
            aria-label={t('grants.capability')}
            showSearch={{ optionFilterProp: 'label' }}
            value={filter.capability}
            options={[
              { value: '', label: t('grants.anyCapability') },
              ...(capabilities.data ?? []).map((c) => ({ value: c.name, label: pick(locale, c.titleZh, c.titleEn) })),
            ]}
            onChange={(value: string) => set('capability', value)}
          />
          <Checkbox checked={filter.past} onChange={(event) => set('past', event.target.checked ? '1' : '')}>
            {t('grants.past')}
          </Checkbox>
        </search>
        {list.error && !list.data ? (
          <ErrorState error={asApiError(list.error)} retry={() => void list.refetch()} />
        ) : !list.data ? (
          <Bars rows={6} height={48} />
        ) : grants.length === 0 ? (
          filtered ? (
            <EmptyState
              title={t('list.none')}
              why={t('list.noneHint')}
              action={<Button onClick={() => setParams({}, { replace: true })}>{t('list.clear')}</Button>}
            />
          ) : (
            <EmptyState
              title={t('grants.empty')}
              why={t(above ? 'grants.emptyAbove' : 'grants.emptyWhy')}
              action={add}
            />
          )
        ) : (
          <GrantRows grants={grants} chosen={chosen} choose={setChosen} href={detail.href} />
        )}
        {list.hasNextPage && (
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('rights.more')}
          </Button>
        )}
      </Section>
      <Section title={t('grants.tree')} about={chosen ? t('grants.treeOne') : t('grants.treeAll')}>
        {can('directory.tree') ? (
          <GrantTree grants={grants} chosen={grants.find((grant) => grant.id === chosen)} />
        ) : (
          <p className="quiet">{t('grants.noTree')}</p>
        )}
      </Section>
      <GrantDrawer
        grant={detail.id ? (grants.find((grant) => grant.id === detail.id) ?? null) : null}
        missing={detail.id !== null && list.data !== undefined && !grants.some((grant) => grant.id === detail.id)}
        close={detail.close}
      />
    </div>
  );
}

interface RowsProps {
  grants: Grant[];
  href: ReturnType<typeof useDetail>['href'];
  chosen?: string | null;
  choose?: (id: string | null) => void;
}

/** Grants, a line each: who, what, where, until when. */
export function GrantRows({ grants, href, chosen, choose }: RowsProps) {
  const t = useT();
  const locale = useLocale();
  const { bodyName } = useMe().place;
  const title = useCapabilityTitle();
  return (
    <ul className="rows">
      {grants.map((grant) => (
        <li key={grant.id} className={chosen === grant.id ? 'grant grant-chosen' : 'grant'}>
          <div className="row-text">
            <Link to={href(grant.id)} className="row-name">
              {t(grant.effect === 'deny' ? 'grants.lineDeny' : 'grants.line', {
                who: grant.subject.name || t('grants.unknown'),
                what: whatWords(grant, locale, title),
              })}
            </Link>
            <span className="row-sub">
              {[
                t(`grants.kinds.${grant.subject.kind}`),
                whereWords(grant.scope, t, bodyName),
                t(`level.${grant.level}`),
                grant.mode === 'use' ? '' : t(`grants.mode.${grant.mode}`),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <span className="row-sub num">{whenWords(grant, t)}</span>
          </div>
          <span className="row-acts">
            <Badge tone={grantTones[grant.state] ?? 'plain'}>{t(`grants.states.${grant.state}`)}</Badge>
            {choose && (
              <Button
                size="small"
                aria-pressed={chosen === grant.id}
                onClick={() => choose(chosen === grant.id ? null : grant.id)}
              >
                {t(chosen === grant.id ? 'grants.unmark' : 'grants.mark')}
              </Button>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
