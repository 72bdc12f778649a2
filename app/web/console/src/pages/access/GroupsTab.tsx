import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import { api, asApiError, keyed, take } from '@gonghui/api';
import { Bars, EmptyState, ErrorState, FormDrawer, Section, useAct, useCan, useDetail, useT } from '@gonghui/ui';
import { BodyPicker, type BodySet, type Group, groupsQuery, setsQuery, useMade } from '@gonghui/ui/rights';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { GroupDrawer } from './GroupDrawer.tsx';

/** Groups of persons and named sets of bodies: what grants are given to, and where they hold. */
export function GroupsTab() {
  return (
    <div className="two-columns groups">
      <Groups />
      <Sets />
    </div>
  );
}

function Groups() {
  const t = useT();
  const writable = useCan()('access.grant');
  const detail = useDetail('/access/groups');
  const groups = useQuery(groupsQuery);
  const [target, setTarget] = useState<{ group: Group | null } | null>(null);
  const made = useMade<Group>(detail.open, () => setTarget(null));
  const add = writable && (
    <Button icon={<PlusOutlined aria-hidden />} onClick={() => setTarget({ group: null })}>
      {t('groups.add')}
    </Button>
  );
  return (
    <Section title={t('groups.title')} about={t('groups.about')} action={groups.data?.length ? add : undefined}>
      {groups.error && !groups.data ? (
        <ErrorState error={asApiError(groups.error)} retry={() => void groups.refetch()} />
      ) : !groups.data ? (
        <Bars rows={4} height={32} />
      ) : groups.data.length === 0 ? (
        <EmptyState title={t('groups.empty')} why={t('groups.emptyWhy')} action={add} />
      ) : (
        <ul className="rows">
          {groups.data.map((group) => (
            <li key={group.id}>
              <div className="row-text">
                <Link to={detail.href(group.id)} className="row-name">
                  {group.name}
                </Link>
                <span className="row-sub">
                  {[t('groups.members', { count: group.members }), group.about].filter(Boolean).join(' · ')}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
      <GroupForm target={target} {...made} />
      <GroupDrawer
        group={groups.data?.find((group) => group.id === detail.id) ?? null}
        close={detail.close}
        edit={(group) => setTarget({ group })}
      />
    </Section>
  );
}

interface GroupFormProps {
  target: { group: Group | null } | null;
  close: () => void;
  done: (group: Group) => void;
}

function GroupForm({ target, close, done }: GroupFormProps) {
  const t = useT();
  const group = target?.group ?? null;
  const save = useAct({
    run: (values: { name: string; about: string }, key) =>
      group
        ? take(
            api.PUT('/v1/access/groups/{id}', {
              params: { path: { id: group.id } },
              body: { ...values, id: group.id, version: group.version },
            }),
          )
        : take(api.POST('/v1/access/groups', { body: values, headers: keyed(key) })),
    refresh: [keys.groups],
    said: t('form.saved'),
    done,
    quiet: true,
  });
  return (
    <FormDrawer<{ name: string; about: string }>
      open={target !== null}
      title={t(group ? 'groups.editTitle' : 'groups.addTitle')}
      initial={{ name: group?.name ?? '', about: group?.about ?? '' }}
      reasonField={{ NAME_TAKEN: 'name' }}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('groups.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('groups.name') }) }]}
      >
        <Input maxLength={60} autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item name="about" label={t('groups.aboutField')}>
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2, maxRows: 4 }} />
      </Form.Item>
    </FormDrawer>
  );
}

function Sets() {
  const t = useT();
  const { modal } = App.useApp();
  const writable = useCan()('access.grant');
  const sets = useQuery(setsQuery);
  const [target, setTarget] = useState<{ set: BodySet | null } | null>(null);
  const remove = useAct({
    run: (set: BodySet) => take(api.DELETE('/v1/access/sets/{id}', { params: { path: { id: set.id } } })),
    refresh: [keys.sets],
    said: (set) => t('sets.removed', { name: set.name }),
  });
  const add = writable && (
    <Button icon={<PlusOutlined aria-hidden />} onClick={() => setTarget({ set: null })}>
      {t('sets.add')}
    </Button>
  );
  return (
    <Section title={t('sets.title')} about={t('sets.about')} action={sets.data?.length ? add : undefined}>
      {sets.error && !sets.data ? (
        <ErrorState error={asApiError(sets.error)} retry={() => void sets.refetch()} />
      ) : !sets.data ? (
        <Bars rows={4} height={32} />
      ) : sets.data.length === 0 ? (
        <EmptyState title={t('sets.empty')} why={t('sets.emptyWhy')} action={add} />
      ) : (
        <ul className="rows">
          {sets.data.map((set) => (
            <li key={set.id}>
              <div className="row-text">
                <span className="row-name">{set.name}</span>
                <span className="row-sub">
                  {t('sets.bodies', {
                    count: set.bodyCodes.length,
                    some: set.bodyNames.slice(0, 3).join(t('explain.and')),
                  })}
                </span>
              </div>
              {writable && (
                <span className="row-acts">
                  <Button
                    type="text"
                    icon={<EditOutlined aria-hidden />}
                    aria-label={`${t('sets.edit')} ${set.name}`}
                    title={t('sets.edit')}
                    onClick={() => setTarget({ set })}
                  />
                  <Button
                    type="text"
                    icon={<DeleteOutlined aria-hidden />}
                    aria-label={`${t('sets.remove')} ${set.name}`}
                    title={t('sets.remove')}
                    onClick={() =>
                      modal.confirm({
                        title: t('sets.removeAsk', { name: set.name }),
                        content: t('dept.removeHint'),
                        icon: null,
                        okText: t('sets.remove'),
                        okButtonProps: { danger: true },
                        cancelText: t('act.cancel'),
                        onOk: () => remove.mutate(set),
                      })
                    }
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <SetForm target={target} close={() => setTarget(null)} />
    </Section>
  );
}

function SetForm({ target, close }: { target: { set: BodySet | null } | null; close: () => void }) {
  const t = useT();
  const set = target?.set ?? null;
  const save = useAct({
    run: (values: { name: string; bodyCodes: string[] }, key) =>
      set
        ? take(
            api.PUT('/v1/access/sets/{id}', {
              params: { path: { id: set.id } },
              body: { ...values, id: set.id, version: set.version },
            }),
          )
        : take(api.POST('/v1/access/sets', { body: values, headers: keyed(key) })),
    refresh: [keys.sets, keys.grants],
    said: t('form.saved'),
    quiet: true,
  });
  return (
    <FormDrawer<{ name: string; bodyCodes: string[] }>
      open={target !== null}
      title={t(set ? 'sets.editTitle' : 'sets.addTitle')}
      about={set ? t('sets.editAbout') : undefined}
      initial={{ name: set?.name ?? '', bodyCodes: set?.bodyCodes ?? [] }}
      reasonField={{ NAME_TAKEN: 'name', GRANT_BEYOND: 'bodyCodes', BODY_NOT_FOUND: 'bodyCodes' }}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('sets.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('sets.name') }) }]}
      >
        <Input maxLength={60} autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item
        name="bodyCodes"
        label={t('sets.members')}
        rules={[{ required: true, type: 'array', min: 1, message: t('sets.membersMissing') }]}
      >
        <BodyPicker />
      </Form.Item>
    </FormDrawer>
  );
}
