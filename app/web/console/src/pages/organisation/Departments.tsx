import { MoreOutlined, PlusOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { Bars, EmptyState, ErrorState, Section, useAct, useCan, useT } from '@gonghui/ui';
import { App, Button, Dropdown, Tree, type TreeDataNode } from 'antd';
import { useState } from 'react';
import { type Dept, keys, useDepts, usePosts } from '../../data.ts';
import { DeptForm, type DeptTarget } from './DeptForm.tsx';
import { type DeptNode, deptTree } from './deptTree.ts';
import { Posts } from './Posts.tsx';

/** Departments at the left, the posts of the chosen one at the right. */
export function Departments() {
  const t = useT();
  const { modal } = App.useApp();
  const writable = useCan()('org.write');
  const depts = useDepts();
  const posts = usePosts();
  const [chosen, setChosen] = useState<string | null>(null);
  const [newPost, setNewPost] = useState(false);
  const [target, setTarget] = useState<DeptTarget | null>(null);
  const current = depts.data?.find((d) => d.id === chosen) ?? depts.data?.[0];

  const remove = useAct({
    run: (dept: Dept) => take(api.DELETE('/v1/depts/{id}', { params: { path: { id: dept.id } } })),
    refresh: [keys.depts],
    done: () => setChosen(null),
    said: (dept) => t('dept.removed', { name: dept.name }),
  });

  const askRemove = (dept: Dept) =>
    modal.confirm({
      title: t('dept.removeAsk', { name: dept.name }),
      content: t('dept.removeHint'),
      icon: null,
      okText: t('dept.remove'),
      okButtonProps: { danger: true },
      cancelText: t('act.cancel'),
      onOk: () => remove.mutate(dept),
    });

  const error = depts.error ?? posts.error;
  if (error && !(depts.data && posts.data)) {
    return <ErrorState error={error} retry={() => void Promise.all([depts.refetch(), posts.refetch()])} />;
  }
  if (!depts.data || !posts.data) {
    return (
      <div className="side-by-side">
        <Section title={t('dept.title')}>
          <Bars rows={6} height={24} />
        </Section>
        <Section>
          <Bars rows={6} height={24} />
        </Section>
      </div>
    );
  }

  const form = (
    <DeptForm target={target} depts={depts.data} close={() => setTarget(null)} done={(dept) => setChosen(dept.id)} />
  );
  if (!current) {
    return (
      <Section>
        <EmptyState
          title={t('dept.empty')}
          why={t('dept.emptyWhy')}
          action={
            writable && (
              <Button type="primary" onClick={() => setTarget({ parentId: '' })}>
                {t('dept.add')}
              </Button>
            )
          }
        />
        {form}
      </Section>
    );
  }

  const node = (dept: DeptNode): TreeDataNode => ({
    key: dept.id,
    title: (
      <span className="tree-line">
        <span>{dept.name}</span>
        {dept.posts > 0 && <span className="tree-count num">{dept.posts}</span>}
      </span>
    ),
    children: dept.children.map(node),
  });

  return (
    <div className="side-by-side">
      <Section
        title={t('dept.title')}
        action={
          writable && (
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => setTarget({ parentId: '' })}>
              {t('dept.add')}
            </Button>
          )
        }
      >
        <Tree
          aria-label={t('dept.title')}
          blockNode
          defaultExpandAll
          treeData={deptTree(depts.data).map(node)}
          selectedKeys={[current.id]}
          onSelect={(selected) => selected[0] && setChosen(String(selected[0]))}
        />
      </Section>
      <Section
        title={current.name}
        about={t('post.of')}
        action={
          writable && (
            <span className="row-acts">
              <Button icon={<PlusOutlined aria-hidden />} onClick={() => setNewPost(true)}>
                {t('post.add')}
              </Button>
              <Dropdown
                trigger={['click']}
                placement="bottomRight"
                menu={{
                  items: [
                    { key: 'below', label: t('dept.addBelow') },
                    { key: 'edit', label: t('dept.edit') },
                    { key: 'remove', label: t('dept.remove'), danger: true },
                  ],
                  onClick: ({ key }) => {
                    if (key === 'below') setTarget({ parentId: current.id });
                    else if (key === 'edit') setTarget({ dept: current });
                    else askRemove(current);
                  },
                }}
              >
                <Button icon={<MoreOutlined aria-hidden />} aria-label={t('dept.acts', { name: current.name })} />
              </Dropdown>
            </span>
          )
        }
      >
        <Posts
          key={current.id}
          dept={current}
          depts={depts.data}
          posts={posts.data.filter((p) => p.deptId === current.id)}
          writable={writable}
          adding={newPost}
          setAdding={setNewPost}
        />
      </Section>
      {form}
    </div>
  );
}
