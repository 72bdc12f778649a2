import { FormDrawer, useT } from '@gonghui/ui';
import { Form, Input } from 'antd';
import type { Build } from './app.ts';
import { ShareInput } from './ShareInput.tsx';
import { usePublish } from './useActs.ts';

interface Values {
  share: number;
  notesZh: string;
  notesEn: string;
}

/** Gives a build to people: to how many of the devices, and what is new. `first`: nothing was published of its channel. */
export function PublishForm({ build, first, close }: { build: Build | null; first: boolean; close: () => void }) {
  const t = useT();
  const publish = usePublish({ quiet: true });
  // Only packages are taken up step by step; everything else is the same for everybody at once.
  const staged = build?.channel === 'android' && !first;
  return (
    <FormDrawer<Values>
      open={build !== null}
      title={t('ownApp.publishTitle', {
        name: t(`apps.channel.${build?.channel ?? 'pwa'}`),
        version: build?.versionName ?? '',
      })}
      about={t(staged ? 'ownApp.publishStaged' : 'ownApp.publishAll')}
      initial={{ share: staged ? 10 : 100, notesZh: '', notesEn: '' }}
      submitText={t('ownApp.publish')}
      submit={({ share = 100, ...notes }) => publish.mutateAsync({ id: build?.id ?? '', share, ...notes })}
      close={close}
    >
      {staged && (
        <Form.Item name="share" label={t('ownApp.share')} extra={t('ownApp.shareHelp')}>
          <ShareInput />
        </Form.Item>
      )}
      <Form.Item name="notesZh" label={t('ownApp.notesZh')} extra={t('ownApp.notesHelp')}>
        <Input.TextArea maxLength={300} showCount autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="notesEn" label={t('ownApp.notesEn')}>
        <Input.TextArea maxLength={600} showCount autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  );
}
