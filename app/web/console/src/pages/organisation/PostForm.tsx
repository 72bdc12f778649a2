import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input, InputNumber, Radio, Select } from 'antd';
import { type Dept, keys, type Post } from '../../data.ts';

interface Values {
  name: string;
  deptId: string;
  headcount: number;
  fullTime: boolean;
  duties: string;
  sort: number;
}

interface Props {
  /** The post to change; null inside for a new one. */
  target: { post: Post | null } | null;
  dept: Dept;
  depts: Dept[];
  close: () => void;
}

export function PostForm({ target, dept, depts, close }: Props) {
  const t = useT();
  const old = target?.post ?? null;
  const save = useAct({
    run: (values: Values, key) =>
      old
        ? take(api.PUT('/v1/posts/{id}', { params: { path: { id: old.id } }, body: { id: old.id, ...values } }))
        : take(api.POST('/v1/posts', { body: values, headers: keyed(key) })),
    refresh: [keys.posts, keys.depts],
    said: t('form.saved'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={target !== null}
      title={old ? t('post.edit') : t('post.add')}
      initial={old ?? { name: '', deptId: dept.id, headcount: 1, fullTime: true, duties: '', sort: 0 }}
      submit={(values) => save.mutateAsync({ ...values, sort: values.sort ?? 0 })}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('post.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('post.name') }) }]}
      >
        <Input maxLength={60} autoFocus />
      </Form.Item>
      <Form.Item name="deptId" label={t('post.dept')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={depts.map((d) => ({ value: d.id, label: d.name }))}
        />
      </Form.Item>
      <div className="form-pair">
        <Form.Item
          name="headcount"
          label={t('post.headcount')}
          rules={[{ required: true, message: t('form.required', { label: t('post.headcount') }) }]}
        >
          <InputNumber min={1} max={999} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="sort" label={t('dept.sort')} extra={t('dept.sortHint')}>
          <InputNumber min={0} max={9999} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="fullTime" label={t('post.kind')}>
        <Radio.Group
          options={[
            { value: true, label: t('post.fullTime') },
            { value: false, label: t('post.partTime') },
          ]}
        />
      </Form.Item>
      <Form.Item name="duties" label={t('post.duties')}>
        <Input.TextArea maxLength={400} showCount autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
    </FormDrawer>
  );
}
