import { asApiError } from '@gonghui/api';
import { DetailDrawer, dateTime, EmptyState, useT } from '@gonghui/ui';
import { Installs } from '@gonghui/ui/apps';
import { Link } from 'react-router';
import { bodyAddress } from '../body/useView.ts';
import { useFleetApp } from './apps.ts';
import { State } from './FleetParts.tsx';

/** The app of one body: its channels, and the phones that have it. */
export function AppDrawer({ code, close }: { code: string | null; close: () => void }) {
  const t = useT();
  const { data: app, error, isPending, refetch } = useFleetApp(code);
  return (
    <DetailDrawer
      open={code !== null}
      close={close}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={app ? app.bodyName : t('fleet.title')}
      badge={app && <State app={app} />}
      subtitle={app?.applicationId}
    >
      {app === null && <EmptyState title={t('fleet.none')} why={t('fleet.noneWhy')} />}
      {app && (
        <>
          <h3 className="detail-section">{t('fleet.channels')}</h3>
          {app.channels.length === 0 ? (
            <EmptyState title={t('fleet.states.none')} why={t('fleet.nothingOut')} />
          ) : (
            <ul className="rows">
              {app.channels.map((one) => (
                <li key={`${one.channel} ${one.versionCode} ${one.share}`}>
                  <div className="row-text">
                    <span className="row-name">{t(`apps.channel.${one.channel}`)}</span>
                    <span className="row-sub num">
                      {[
                        one.share < 100
                          ? t('fleet.staged', { version: one.versionName, share: one.share })
                          : one.versionName,
                        dateTime(one.publishedAt),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </div>
                </li>
              ))}
            </ul>
          )}
          <h3 className="detail-section">{t('apps.installs')}</h3>
          {app.installs.length === 0 ? (
            <EmptyState title={t('apps.noInstalls')} why={t('apps.noInstallsWhy')} />
          ) : (
            <Installs installs={app.installs} />
          )}
          <p className="fleet-more">
            <Link to={bodyAddress(app.bodyCode, { line: null, metric: null })}>{t('fleet.toBody')}</Link>
          </p>
        </>
      )}
    </DetailDrawer>
  );
}
