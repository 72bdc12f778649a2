import { api, keyed, take } from '@gonghui/api';
import { FormDrawer, useAct, useT } from '@gonghui/ui';
import { Form, Input, InputNumber, TreeSelect } from 'antd';
import { type Dept, keys } from '../../data.ts';
import { below, type DeptNode, deptTree } from './deptTree.ts';

/** A department to change, or the place of a new one. */
export type DeptTarget = { dept: Dept } | { parentId: string };

interface Values {
  name: string;
  parentId: string;
  sort: number;
}

interface Props {
  target: DeptTarget | null;
  depts: Dept[];
  close: () => void;
  done: (dept: Dept) => void;
}

const reasonField = { DEPT_DUPLICATE: 'name', DEPT_CYCLE: 'parentId' };

export function DeptForm({ target, depts, close, done }: Props) {
  const t = useT();
  const old = target && 'dept' in target ? target.dept : null;
  const save = useAct({
    run: (values: Values, key) =>
      old
        ? take(api.PUT('/v1/depts/{id}', { params: { path: { id: old.id } }, body: { id: old.id, ...values } }))
        : take(api.POST('/v1/depts', { body: values, headers: keyed(key) })),
    refresh: [keys.depts],
    done,
    said: t('form.saved'),
    quiet: true,
  });
  const barred = old ? below(depts, old.id) : new Set<string>();
  const option = (node: DeptNode): { value: string; title: string; disabled: boolean; children: object[] } => ({
    value: node.id,
    title: node.name,
    disabled: barred.has(node.id),
    children: node.children.map(option),
  });
  return (
    <FormDrawer<Values>
      open={target !== null}
      title={
        old ? t('dept.edit') : target && 'parentId' in target && target.parentId ? t('dept.addBelow') : t('dept.add')
      }
      initial={
        old
          ? { name: old.name, parentId: old.parentId, sort: old.sort }
          : { name: '', parentId: target && 'parentId' in target ? target.parentId : '', sort: 0 }
      }
      reasonField={reasonField}
      submit={(values) => save.mutateAsync({ ...values, sort: values.sort ?? 0 })}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('dept.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('dept.name') }) }]}
      >
        <Input maxLength={60} autoFocus />
      </Form.Item>
      <Form.Item name="parentId" label={t('dept.parent')}>
        <TreeSelect
          treeDefaultExpandAll
          showSearch={{ treeNodeFilterProp: 'title' }}
          treeData={[
            { value: '', title: t('dept.top'), disabled: false, children: [] },
            ...deptTree(depts).map(option),
          ]}
        />
      </Form.Item>
      <Form.Item name="sort" label={t('dept.sort')} extra={t('dept.sortHint')}>
        <InputNumber min={0} max={9999} precision={0} style={{ width: 120 }} />
      </Form.Item>
    </FormDrawer>
  );
}
