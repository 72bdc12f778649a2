import { CalendarOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { CopyField, useAct, useT } from '@gonghui/ui';
import { Button, Modal, Space } from 'antd';
import { useState } from 'react';

/** The private address by which calendar programs take up the own meetings. */
export function FeedButton() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [url, setUrl] = useState('');
  const make = useAct({
    run: () => take(api.POST('/v1/meetings:feed', { body: {} })),
    done: (feed) => setUrl(feed.url),
  });
  const end = useAct({
    run: () => take(api.DELETE('/v1/meetings:feed', {})),
    said: t('planning.feedEnded'),
    done: () => setUrl(''),
  });
  return (
    <>
      <Button icon={<CalendarOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t('planning.feed')}
      </Button>
      <Modal
        open={open}
        title={t('planning.feedTitle')}
        footer={null}
        onCancel={() => {
          setOpen(false);
          setUrl('');
        }}
      >
        <p>{t('planning.feedAbout')}</p>
        {url && <CopyField value={url} label={t('planning.feedAddress')} />}
        <p className="quiet">{t('planning.feedMakeHint')}</p>
        <Space wrap>
          <Button type="primary" loading={make.isPending} onClick={() => make.mutate(undefined)}>
            {t('planning.feedMake')}
          </Button>
          <Button danger loading={end.isPending} onClick={() => end.mutate(undefined)}>
            {t('planning.feedEnd')}
          </Button>
        </Space>
      </Modal>
    </>
  );
}
