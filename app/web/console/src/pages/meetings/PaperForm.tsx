import { UploadOutlined } from '@ant-design/icons';
import { api, type Sending, sendFile, take } from '@gonghui/api';
import { FormDrawer, fileSize, useAct, useT } from '@gonghui/ui';
import { Button, Form, Input, Progress, Radio, Select, Switch, Upload } from 'antd';
import { useRef, useState } from 'react';
import { type Agenda, accesses, agendaKey, kinds, LARGEST, type Paper, type PaperValues, paperPath } from './agenda.ts';
import type { Meeting } from './meetings.ts';

interface Values extends PaperValues {
  file?: File;
}

interface Props {
  /** A new paper, or the one to change. */
  target: 'new' | Paper | null;
  meeting: Meeting;
  agenda: Agenda;
  close: () => void;
}

/** Puts a paper up, or says for whom one is. */
export function PaperForm({ target, meeting, agenda, close }: Props) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const [share, setShare] = useState<number | null>(null);
  const sending = useRef<Sending<unknown> | null>(null);
  const access = Form.useWatch('access', form) ?? 'all';
  const file = Form.useWatch('file', form);
  const old = typeof target === 'object' ? target : null;
  const save = useAct({
    run: async ({ file: given, ...values }: Values, key) => {
      if (old) {
        const { id } = old;
        const { name, itemId, download } = values;
        const readers = values.access === 'named' ? (values.readers ?? []) : [];
        const body = { id, name: name.trim(), itemId, access: values.access, readers, download };
        return take(api.PUT('/v1/papers/{id}', { params: { path: { id } }, body }));
      }
      if (!given) return null;
      setShare(0);
      sending.current = sendFile(paperPath(meeting.id, values), given, key, setShare);
      try {
        return await sending.current.done;
      } finally {
        sending.current = null;
        setShare(null);
      }
    },
    refresh: [agendaKey(meeting.id)],
    said: t(old ? 'agenda.paperSaved' : 'agenda.paperAdded'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      form={form}
      open={target !== null}
      title={t(old ? 'agenda.paperEdit' : 'agenda.paperAdd')}
      submitText={old ? undefined : t('agenda.upload')}
      initial={
        old
          ? { name: old.name, itemId: old.itemId, access: old.access, readers: old.readers, download: old.download }
          : { name: '', itemId: '', access: 'all', readers: [], download: true }
      }
      submit={(values) => save.mutateAsync(values)}
      close={() => {
        sending.current?.cancel();
        close();
      }}
    >
      {!old && (
        <Form.Item
          name="file"
          label={t('agenda.file')}
          extra={t('agenda.fileHint')}
          valuePropName="chosen"
          getValueFromEvent={(event: { file: File }) => event.file}
          rules={[
            { required: true, message: t('agenda.needFile') },
            {
              validator: (_, chosen?: File) =>
                chosen && chosen.size > LARGEST
                  ? Promise.reject(new Error(t('agenda.tooLarge', { size: fileSize(chosen.size) })))
                  : Promise.resolve(),
            },
          ]}
        >
          <Chooser
            named={(name) => {
              if (!form.getFieldValue('name')) form.setFieldsValue({ name });
            }}
          />
        </Form.Item>
      )}
      {file && share === null && <p className="quiet num">{[file.name, fileSize(file.size)].join(' · ')}</p>}
      {share !== null && (
        <div className="paper-sending">
          <Progress
            percent={Math.round(share * 100)}
            aria-label={t('agenda.sending')}
            status={share < 1 ? 'active' : 'normal'}
          />
          <Button onClick={() => sending.current?.cancel()}>{t('agenda.stop')}</Button>
        </div>
      )}
      <Form.Item
        name="name"
        label={t('agenda.paperName')}
        rules={[
          { required: true, whitespace: true, message: t('agenda.needName') },
          { pattern: /^[^/\\]*$/, message: t('agenda.badName') },
        ]}
      >
        <Input maxLength={160} />
      </Form.Item>
      {agenda.items.length > 0 && (
        <Form.Item name="itemId" label={t('agenda.belongs')}>
          <Select
            options={[
              { value: '', label: t('agenda.toMeeting') },
              ...agenda.items.map((one, i) => ({ value: one.id, label: `${i + 1}. ${one.title}` })),
            ]}
          />
        </Form.Item>
      )}
      {agenda.items.length === 0 && (
        <Form.Item name="itemId" hidden>
          <Input />
        </Form.Item>
      )}
      <Form.Item name="access" label={t('agenda.who')} extra={t(`agenda.whoHint.${access}`)}>
        <Radio.Group
          className="choices"
          options={accesses.map((value) => ({ value, label: t(`agenda.access.${value}`) }))}
        />
      </Form.Item>
      {access === 'named' && (
        <Form.Item
          name="readers"
          label={t('agenda.readers')}
          rules={[{ required: true, type: 'array', min: 1, message: t('agenda.needReaders') }]}
          extra={meeting.invitees.length === 0 ? t('agenda.noInvitees') : undefined}
        >
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={meeting.invitees.map((one) => ({ value: one.identityId, label: one.name }))}
          />
        </Form.Item>
      )}
      <Form.Item name="download" label={t('agenda.download')} valuePropName="checked" extra={t('agenda.downloadHint')}>
        <Switch />
      </Form.Item>
    </FormDrawer>
  );
}

interface ChooserProps {
  id?: string;
  onChange?: (event: { file: File }) => void;
  named: (name: string) => void;
}

function Chooser({ id, onChange, named }: ChooserProps) {
  const t = useT();
  return (
    <Upload
      id={id}
      accept={kinds}
      showUploadList={false}
      beforeUpload={(file) => {
        onChange?.({ file });
        named(file.name);
        return false;
      }}
    >
      <Button icon={<UploadOutlined aria-hidden />}>{t('agenda.choose')}</Button>
    </Upload>
  );
}
