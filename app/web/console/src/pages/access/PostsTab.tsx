import { api, asApiError, keyed, take } from '@gonghui/api';
import {
  Bars,
  DateInput,
  date,
  EmptyState,
  ErrorState,
  FormDrawer,
  Section,
  useAct,
  useCan,
  useDetail,
  useT,
} from '@gonghui/ui';
import { GrantRows, useGrants } from '@gonghui/ui/rights';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type Appointment, all, keys, type Officer, type Post, useDepts, usePosts } from '../../data.ts';
import { isHeld } from '../officers/officers.ts';

interface Holding {
  officer: Officer;
  appointment: Appointment;
}

/** Working officers with what they hold: some hundreds at most in one body. */
function useOfficers() {
  return useQuery({
    queryKey: [...keys.officers, 'working'],
    queryFn: () =>
      all(async (pageToken) => {
        const reply = await take(api.GET('/v1/officers', { params: { query: { pageSize: 200, pageToken } } }));
        return { rows: reply.officers, next: reply.nextPageToken };
      }),
  });
}

/** Posts at the left; at the right who holds the chosen one, what rights hang on it, and its hand-over. */
export function PostsTab() {
  const t = useT();
  const { id, open } = useDetail('/access/posts');
  const posts = usePosts();
  const depts = useDepts();
  const error = posts.error ?? depts.error;
  if (error && !(posts.data && depts.data)) {
    return <ErrorState error={asApiError(error)} retry={() => void Promise.all([posts.refetch(), depts.refetch()])} />;
  }
  if (!posts.data || !depts.data) {
    return (
      <Section title={t('posts.title')}>
        <Bars rows={6} height={32} />
      </Section>
    );
  }
  if (posts.data.length === 0) {
    return (
      <Section title={t('posts.title')}>
        <EmptyState title={t('posts.empty')} why={t('posts.emptyWhy')} />
      </Section>
    );
  }
  const current = posts.data.find((post) => post.id === id) ?? posts.data[0];
  return (
    <div className="side-by-side">
      <Section title={t('posts.title')} about={t('posts.about')}>
        {depts.data.map((dept) => {
          const inside = posts.data.filter((post) => post.deptId === dept.id);
          if (inside.length === 0) return null;
          return (
            <section key={dept.id} aria-label={dept.name}>
              <h3 className="posts-dept">{dept.name}</h3>
              <ul className="posts-list">
                {inside.map((post) => (
                  <li key={post.id}>
                    <button
                      type="button"
                      className="posts-post"
                      aria-pressed={post.id === current?.id}
                      onClick={() => open(post.id)}
                    >
                      <span>{post.name}</span>
                      <span className="tree-count num">
                        {post.holders}/{post.headcount}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </Section>
      {current && <PostRights key={current.id} post={current} />}
    </div>
  );
}

function PostRights({ post }: { post: Post }) {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const href = useDetail('/access/grants').href;
  const officers = useOfficers();
  const grants = useGrants({ subjectKind: 'post', subjectId: post.id });
  const [handing, setHanding] = useState<Holding | null>(null);
  const holders = (officers.data ?? []).flatMap((officer): Holding[] =>
    officer.appointments
      .filter((a) => a.postId === post.id && isHeld(a))
      .map((appointment) => ({ officer, appointment })),
  );
  const given = grants.data?.pages.flatMap((page) => page.grants) ?? [];
  const add = can('access.grant') && (
    <Button onClick={() => void navigate(`/access/grants/new?kind=post&subject=${post.id}`)}>{t('posts.grant')}</Button>
  );
  return (
    <Section title={post.name} about={t('posts.hang')} action={add}>
      <h3 className="detail-section">{t('posts.holders')}</h3>
      {officers.error ? (
        <ErrorState error={asApiError(officers.error)} retry={() => void officers.refetch()} />
      ) : officers.isPending ? (
        <Bars rows={2} />
      ) : holders.length === 0 ? (
        <p className="quiet">{t('posts.nobody')}</p>
      ) : (
        <ul className="rows">
          {holders.map((one) => (
            <li key={one.appointment.id}>
              <div className="row-text">
                <span className="row-name">
                  {one.officer.name}
                  {one.appointment.acting && <span className="row-mark">{t('officer.acting')}</span>}
                </span>
                <span className="row-sub num">{t('appointment.since', { from: one.appointment.startOn })}</span>
              </div>
              {can('org.write') && (
                <Button aria-label={`${t('posts.handOver')} ${one.officer.name}`} onClick={() => setHanding(one)}>
                  {t('posts.handOver')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <h3 className="detail-section">{t('posts.rights')}</h3>
      {grants.error ? (
        <ErrorState error={asApiError(grants.error)} retry={() => void grants.refetch()} />
      ) : grants.isPending ? (
        <Bars rows={2} />
      ) : given.length === 0 ? (
        <p className="quiet">{t('posts.noRights')}</p>
      ) : (
        <GrantRows grants={given} href={href} />
      )}
      <HandOverForm post={post} holding={handing} officers={officers.data ?? []} close={() => setHanding(null)} />
    </Section>
  );
}

interface Values {
  officerId: string;
  on: string;
  approvalDocNo: string;
  acting: boolean;
}

const reasonField = {
  OFFICER_NOT_FOUND: 'officerId',
  APPOINTMENT_DUPLICATE: 'officerId',
  POST_FULL: 'officerId',
  APPOINTMENT_DATES: 'on',
};

function HandOverForm({
  post,
  holding,
  officers,
  close,
}: {
  post: Post;
  holding: Holding | null;
  officers: Officer[];
  close: () => void;
}) {
  const t = useT();
  const id = holding?.appointment.id ?? '';
  const save = useAct({
    run: (values: Values, key) =>
      take(
        api.POST('/v1/appointments/{id}:handOver', {
          params: { path: { id } },
          body: { id, ...values },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.officers, keys.posts, keys.grants],
    said: t('posts.handedOver'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={holding !== null}
      title={t('posts.handOverTitle', { post: post.name })}
      about={t('posts.handOverAbout', { name: holding?.officer.name ?? '' })}
      initial={{ officerId: undefined, on: date(new Date()), approvalDocNo: '', acting: false }}
      reasonField={reasonField}
      submitText={t('posts.handOver')}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item name="officerId" label={t('posts.to')} rules={[{ required: true, message: t('posts.toMissing') }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={officers
            .filter((officer) => officer.id !== holding?.officer.id)
            .map((officer) => ({
              value: officer.id,
              label: officer.title ? `${officer.name} · ${officer.title}` : officer.name,
            }))}
        />
      </Form.Item>
      <Form.Item
        name="on"
        label={t('posts.on')}
        extra={t('posts.onHint')}
        rules={[{ required: true, message: t('appointment.pickDay') }]}
      >
        <DateInput />
      </Form.Item>
      <Form.Item name="approvalDocNo" label={t('appointment.doc')}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="acting" valuePropName="checked">
        <Checkbox>{t('appointment.acting')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}
