import { DownloadOutlined } from '@ant-design/icons';
import { asApiError } from '@gonghui/api';
import { Badge, DetailDrawer, dateTime, Facts, fileSize, pick, useCan, useLocale, useT } from '@gonghui/ui';
import { Alert, Button } from 'antd';
import { Link } from 'react-router';
import { useDownload } from '../../useDownload.ts';
import { open, useBuild } from './app.ts';
import { BuildLog } from './BuildLog.tsx';
import { buildTones } from './BuildsPage.tsx';
import { useCancel } from './useActs.ts';

/** One build: what it was made of, its log as it is written, the file. */
export function BuildDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const locale = useLocale();
  const may = useCan()('builder.write');
  const { data: build, error, isPending, refetch } = useBuild(id);
  const { busy, get } = useDownload();
  const cancel = useCancel();
  const took = build?.startedAt && build.endedAt ? Date.parse(build.endedAt) - Date.parse(build.startedAt) : null;
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      width={640}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={build && `${t(`apps.channel.${build.channel}`)} ${build.versionName}`.trim()}
      badge={build && <Badge tone={buildTones[build.state] ?? 'plain'}>{t(`ownApp.states.${build.state}`)}</Badge>}
      acts={
        build && (
          <>
            {may && open(build) && (
              <Button loading={cancel.isPending} onClick={() => cancel.mutate(build.id)}>
                {t('ownApp.cancel')}
              </Button>
            )}
            {build.state === 'done' && Number(build.size) > 0 && (
              <Button
                icon={<DownloadOutlined aria-hidden />}
                loading={busy}
                onClick={() => void get(`/v1/app/builds/${build.id}/file`, build.fileName)}
              >
                {t('ownApp.download')}
              </Button>
            )}
            <Link to={`/app/${build.channel}`}>{t('ownApp.toChannel')}</Link>
          </>
        )
      }
    >
      {build && (
        <>
          {build.state === 'failed' && (
            <Alert type="error" showIcon title={pick(locale, build.errorZh, build.errorEn)} />
          )}
          <Facts
            items={[
              {
                label: t('ownApp.versionCode'),
                value: build.versionCode > 0 ? <span className="num">{build.versionCode}</span> : '',
              },
              { label: t('ownApp.size'), value: Number(build.size) > 0 ? fileSize(build.size) : '' },
              { label: t('ownApp.startedBy'), value: build.startedBy || t('ownApp.fromAbove') },
              { label: t('ownApp.queuedAt'), value: <span className="num">{dateTime(build.queuedAt)}</span> },
              {
                label: t('ownApp.took'),
                value:
                  took !== null ? (
                    <span className="num">{t('ownApp.seconds', { s: (took / 1000).toFixed(2) })}</span>
                  ) : (
                    ''
                  ),
              },
              {
                label: t('ownApp.rollsBackTo'),
                value: build.rollsBackTo && (
                  <Link to={`/app/builds/${build.rollsBackTo}`}>{t('ownApp.thatBuild')}</Link>
                ),
              },
              { label: t('ownApp.inputs'), value: <code className="digest">{build.inputHash}</code>, wide: true },
              { label: 'SHA-256', value: build.sha256 && <code className="digest">{build.sha256}</code>, wide: true },
            ]}
          />
          <h3 className="detail-section">{t('ownApp.log')}</h3>
          <BuildLog build={build} />
        </>
      )}
    </DetailDrawer>
  );
}
