import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { EmptyState, useAct, useT } from '@gonghui/ui';
import { App, Button } from 'antd';
import { useState } from 'react';
import { type Dept, keys, type Post } from '../../data.ts';
import { PostForm } from './PostForm.tsx';

interface Props {
  dept: Dept;
  depts: Dept[];
  posts: Post[];
  writable: boolean;
  /** The form of a new post is open. */
  adding: boolean;
  setAdding: (open: boolean) => void;
}

/** The posts of one department, with how many of their places are held. */
export function Posts({ dept, depts, posts, writable, adding, setAdding }: Props) {
  const t = useT();
  const { modal } = App.useApp();
  const [target, setTarget] = useState<Post | null>(null);
  const remove = useAct({
    run: (post: Post) => take(api.DELETE('/v1/posts/{id}', { params: { path: { id: post.id } } })),
    refresh: [keys.posts, keys.depts],
    said: (post) => t('post.removed', { name: post.name }),
  });
  return (
    <>
      {posts.length === 0 ? (
        <EmptyState title={t('post.empty')} why={t('post.emptyWhy')} />
      ) : (
        <ul className="rows">
          {posts.map((post) => (
            <li key={post.id}>
              <div className="row-text">
                <span className="row-name">{post.name}</span>
                <span className="row-sub num">
                  {t('post.holders')} {post.holders} / {post.headcount}
                  {' · '}
                  {post.fullTime ? t('post.fullTime') : t('post.partTime')}
                </span>
                {post.duties && <span className="row-sub">{post.duties}</span>}
              </div>
              {writable && (
                <span className="row-acts">
                  <Button
                    type="text"
                    icon={<EditOutlined aria-hidden />}
                    aria-label={`${t('post.edit')} ${post.name}`}
                    title={t('post.edit')}
                    onClick={() => setTarget(post)}
                  />
                  <Button
                    type="text"
                    icon={<DeleteOutlined aria-hidden />}
                    aria-label={`${t('post.remove')} ${post.name}`}
                    title={t('post.remove')}
                    onClick={() =>
                      modal.confirm({
                        title: t('post.removeAsk', { name: post.name }),
                        content: t('dept.removeHint'),
                        icon: null,
                        okText: t('post.remove'),
                        okButtonProps: { danger: true },
                        cancelText: t('act.cancel'),
                        onOk: () => remove.mutate(post),
                      })
                    }
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <PostForm
        target={target ? { post: target } : adding ? { post: null } : null}
        dept={dept}
        depts={depts}
        close={() => {
          setTarget(null);
          setAdding(false);
        }}
      />
    </>
  );
}
