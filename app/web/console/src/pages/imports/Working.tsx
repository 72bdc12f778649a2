import { count, pace, type Sample, Section, sampled, useT } from '@gonghui/ui';
import { Button, Progress } from 'antd';
import { useEffect, useState } from 'react';

import { type Import, open } from './stages.ts';
import { useImportActs } from './useImportActs.ts';

/** Progress is told in thousandths. */
const WHOLE = 1000;

/** A step that the server works on: how far, how fast, how long still. */
export function Working({ one }: { one: Import }) {
  const t = useT();
  const { askCancel, cancel } = useImportActs(one);
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => setSamples((before) => sampled(before, { at: Date.now(), done: one.progress })), [one.progress]);

  const rows = Number(one.counts?.rows ?? 0);
  const pacing = pace(samples, WHOLE);
  const title = t(`work.${one.state}`);
  const line = [
    rows > 0 && t('work.rows', { done: count(Math.floor((rows * one.progress) / WHOLE)), all: count(rows) }),
    rows > 0 && pacing && t('work.rate', { n: count(Math.round((pacing.rate * rows) / WHOLE)) }),
    pacing &&
      pacing.left > 0 &&
      t('work.left', {
        time:
          pacing.left < 90
            ? t('work.seconds', { n: pacing.left })
            : t('work.minutes', { n: Math.round(pacing.left / 60) }),
      }),
  ].filter(Boolean);
  return (
    <Section>
      <div className="job">
        <h2 className="job-title" role="status">
          {title}
        </h2>
        <Progress percent={Math.floor(one.progress / 10)} status="active" aria-label={title} />
        <p className="job-line num">{line.join(' · ') || '\u00a0'}</p>
        <p className="quiet">{t(one.state === 'committing' ? 'work.leaveCommit' : 'work.leave')}</p>
        {open(one.state) && (
          <Button loading={cancel.isPending} onClick={askCancel}>
            {t('work.cancel')}
          </Button>
        )}
      </div>
    </Section>
  );
}
