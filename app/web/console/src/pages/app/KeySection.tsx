import { dateTime, Section, useCan, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BodyApp } from './app.ts';
import { ExportForm } from './ExportForm.tsx';

/** The key by which phones know that an update comes from the body: who knows it, and how to take it along. */
export function KeySection({ app }: { app: BodyApp }) {
  const t = useT();
  const may = useCan()('builder.key');
  const [exporting, setExporting] = useState(false);
  const { key } = app;
  return (
    <Section
      title={t('ownApp.key.title')}
      about={t('ownApp.key.about')}
      action={key && may && <Button onClick={() => setExporting(true)}>{t('ownApp.key.export')}</Button>}
    >
      {key ? (
        <dl className="key-facts">
          <div>
            <dt>{t('ownApp.applicationId')}</dt>
            <dd className="digest">{app.applicationId}</dd>
          </div>
          <div>
            <dt>{t('ownApp.key.sha256')}</dt>
            <dd className="digest">{key.sha256}</dd>
          </div>
          <div>
            <dt>{t('ownApp.key.madeAt')}</dt>
            <dd className="num">{dateTime(key.madeAt)}</dd>
          </div>
        </dl>
      ) : (
        <p className="quiet">{t('ownApp.key.none')}</p>
      )}
      {key && (
        <p className="key-more">
          <Link to="/app/filing">{t('ownApp.filing.view')}</Link>
        </p>
      )}
      <ExportForm open={exporting} app={app} close={() => setExporting(false)} />
    </Section>
  );
}
