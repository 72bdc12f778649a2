import { api, keyed, take } from '@gonghui/api';
import { DateInput, date, FormDrawer, useAct, useT } from '@gonghui/ui';
import { Checkbox, Form, Input, Select } from 'antd';
import { keys, type Officer, useDepts, usePosts } from '../../data.ts';

interface Values {
  postId: string;
  startOn: string;
  approvalDocNo: string;
  acting: boolean;
}

const reasonField = {
  POST_FULL: 'postId',
  POST_NOT_FOUND: 'postId',
  APPOINTMENT_DUPLICATE: 'postId',
  APPOINTMENT_DATES: 'startOn',
};

/** Gives an officer a post from a day on. */
export function AppointForm({ officer, close }: { officer: Officer | null; close: () => void }) {
  const t = useT();
  const posts = usePosts(officer !== null);
  const depts = useDepts(officer !== null);
  const save = useAct({
    run: (values: Values, key) =>
      take(api.POST('/v1/appointments', { body: { ...values, officerId: officer?.id ?? '' }, headers: keyed(key) })),
    refresh: [keys.officers, keys.posts],
    said: t('form.saved'),
    quiet: true,
  });
  const options = (depts.data ?? [])
    .map((dept) => ({
      label: dept.name,
      options: (posts.data ?? [])
        .filter((post) => post.deptId === dept.id)
        .map((post) => ({
          value: post.id,
          name: post.name,
          label: t('appointment.filled', { post: post.name, holders: post.holders, headcount: post.headcount }),
        })),
    }))
    .filter((group) => group.options.length > 0);
  return (
    <FormDrawer<Values>
      open={officer !== null}
      title={t('appointment.addTitle', { name: officer?.name ?? '' })}
      initial={{ postId: undefined, startOn: date(new Date()), approvalDocNo: '', acting: false }}
      reasonField={reasonField}
      submitText={t('appointment.add')}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="postId"
        label={t('appointment.post')}
        rules={[{ required: true, message: t('appointment.pickPost') }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'name' }}
          options={options}
          loading={posts.isPending || depts.isPending}
          notFoundContent={posts.isPending ? null : t('appointment.noPosts')}
        />
      </Form.Item>
      <Form.Item
        name="startOn"
        label={t('appointment.start')}
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
