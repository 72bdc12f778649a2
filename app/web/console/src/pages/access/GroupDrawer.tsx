import { api, asApiError, keyed, take } from '@gonghui/api';
import { Bars, DetailDrawer, EmptyState, ErrorState, useAct, useCan, useDetail, useT } from '@gonghui/ui';
import { GrantRows, type Group, type Subject, SubjectPicker, useGrants } from '@gonghui/ui/rights';
import { useInfiniteQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { keys } from '../../data.ts';

interface Props {
  group: Group | null;
  close: () => void;
  edit: (group: Group) => void;
}

/** One group: who is in it, what it is given. */
export function GroupDrawer({ group, close, edit }: Props) {
  const t = useT();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const writable = useCan()('access.grant');
  const id = group?.id ?? '';
  const [chosen, setChosen] = useState('');
  const grantHref = useDetail('/access/grants').href;
  const members = useInfiniteQuery({
    queryKey: [...keys.groups, id, 'members'],
    enabled: group !== null,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/access/groups/{id}/members', {
          params: { path: { id }, query: { pageSize: 100, pageToken: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const grants = useGrants({ subjectKind: 'group', subjectId: id }, group !== null);
  const add = useAct({
    run: (identityId: string, key) =>
      take(
        api.POST('/v1/access/groups/{id}/members', {
          params: { path: { id } },
          body: { id, identityId },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.groups],
    done: () => setChosen(''),
  });
  const drop = useAct({
    run: (subject: Subject) =>
      take(
        api.DELETE('/v1/access/groups/{id}/members/{identityId}', { params: { path: { id, identityId: subject.id } } }),
      ),
    refresh: [keys.groups],
  });
  const remove = useAct({
    run: () => take(api.DELETE('/v1/access/groups/{id}', { params: { path: { id } } })),
    refresh: [keys.groups],
    said: t('groups.removed'),
    done: close,
  });
  const people = members.data?.pages.flatMap((page) => page.subjects) ?? [];
  const given = grants.data?.pages.flatMap((page) => page.grants) ?? [];
  return (
    <DetailDrawer
      open={group !== null}
      close={close}
      title={group?.name}
      subtitle={group?.about}
      acts={
        group &&
        writable && (
          <>
            <Button type="primary" onClick={() => void navigate(`/access/grants/new?kind=group&subject=${id}`)}>
              {t('grants.add')}
            </Button>
            <Button onClick={() => edit(group)}>{t('groups.edit')}</Button>
            <Button
              danger
              onClick={() =>
                modal.confirm({
                  title: t('groups.removeAsk', { name: group.name }),
                  content: t('groups.removeHint'),
                  icon: null,
                  okText: t('groups.remove'),
                  okButtonProps: { danger: true },
                  cancelText: t('act.cancel'),
                  onOk: () => remove.mutate(undefined),
                })
              }
            >
              {t('groups.remove')}
            </Button>
          </>
        )
      }
    >
      <h3 className="detail-section">{t('groups.membersTitle')}</h3>
      {writable && (
        <div className="group-add">
          <SubjectPicker label={t('groups.addMember')} kind="identity" value={chosen} onChange={setChosen} />
          <Button disabled={!chosen} loading={add.isPending} onClick={() => add.mutate(chosen)}>
            {t('groups.addMember')}
          </Button>
        </div>
      )}
      {members.error ? (
        <ErrorState error={asApiError(members.error)} retry={() => void members.refetch()} />
      ) : members.isPending ? (
        <Bars rows={3} />
      ) : people.length === 0 ? (
        <EmptyState title={t('groups.nobody')} why={t('groups.nobodyWhy')} />
      ) : (
        <ul className="rows">
          {people.map((person) => (
            <li key={person.id}>
              <div className="row-text">
                <span className="row-name">{person.name}</span>
                {person.note && <span className="row-sub">{t(`role.${person.note}`)}</span>}
              </div>
              {writable && (
                <Button
                  aria-label={`${t('groups.drop')} ${person.name}`}
                  loading={drop.isPending && drop.variables?.id === person.id}
                  onClick={() => drop.mutate(person)}
                >
                  {t('groups.drop')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {members.hasNextPage && (
        <Button loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
          {t('line.more')}
        </Button>
      )}
      <h3 className="detail-section">{t('groups.grants')}</h3>
      {grants.error ? (
        <ErrorState error={asApiError(grants.error)} retry={() => void grants.refetch()} />
      ) : given.length === 0 ? (
        <p className="quiet">{t('groups.noGrants')}</p>
      ) : (
        <GrantRows grants={given} href={grantHref} />
      )}
    </DetailDrawer>
  );
}
