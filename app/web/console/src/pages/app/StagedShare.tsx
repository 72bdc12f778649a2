import { useCan, useT } from '@gonghui/ui';
import { App, Button } from 'antd';
import { useState } from 'react';
import type { Channel, Release } from './app.ts';
import { ShareInput } from './ShareInput.tsx';
import { useShare, useStop } from './useActs.ts';

/** A release on its way to everybody: wider, or no further. */
export function StagedShare({ staged, release }: { staged: Release; release: Channel['release'] }) {
  const t = useT();
  const may = useCan()('builder.write');
  const { modal } = App.useApp();
  const [share, setShare] = useState(staged.share);
  const widen = useShare();
  const stop = useStop();
  if (!may) return <p>{t('ownApp.stagedAt', { version: staged.versionName, share: staged.share })}</p>;
  return (
    <div className="staged">
      <p>{t('ownApp.stagedAt', { version: staged.versionName, share: staged.share })}</p>
      <ShareInput value={Math.max(share, staged.share)} onChange={setShare} least={staged.share} />
      <div className="row-acts">
        <Button
          type="primary"
          disabled={share <= staged.share}
          loading={widen.isPending}
          onClick={() => widen.mutate({ id: staged.id, share })}
        >
          {share > staged.share ? t('ownApp.widen', { share }) : t('ownApp.widenPlain')}
        </Button>
        <Button
          loading={stop.isPending}
          onClick={() =>
            modal.confirm({
              title: t('ownApp.stopAsk', { version: staged.versionName }),
              content: release ? t('ownApp.stopHint', { version: release.versionName }) : t('ownApp.stopHintNone'),
              okText: t('ownApp.stop'),
              cancelText: t('act.cancel'),
              icon: null,
              onOk: () => stop.mutateAsync(staged.id).catch(() => {}),
            })
          }
        >
          {t('ownApp.stop')}
        </Button>
      </div>
    </div>
  );
}
