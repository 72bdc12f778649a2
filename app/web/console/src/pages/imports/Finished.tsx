import { CheckCircleFilled, CloseCircleFilled, DownloadOutlined, RightOutlined } from '@ant-design/icons';
import { count, EmptyState, pick, Section, useCan, useLocale, useT } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { Link, useNavigate } from 'react-router';
import { keys } from '../../data.ts';
import { useDownload } from '../../useDownload.ts';
import { entering, type Import } from './stages.ts';

/** How an import ended, and what comes next. */
export function Finished({ one }: { one: Import }) {
  const t = useT();
  const locale = useLocale();
  const navigate = useNavigate();
  const again = (
    <Button type="primary" onClick={() => void navigate('/imports/new')}>
      {t('finish.retry')}
    </Button>
  );
  if (one.state === 'cancelled') {
    return (
      <Section>
        <EmptyState title={t('finish.cancelled')} why={t('finish.cancelledWhy')} action={again} />
      </Section>
    );
  }
  if (one.state === 'failed') {
    return (
      <Section>
        <div className="ending" role="alert">
          <CloseCircleFilled className="ending-bad" aria-hidden />
          <h2>{t('finish.failed')}</h2>
          <p className="ending-why">{pick(locale, one.faultZh, one.faultEn)}</p>
          <p className="quiet">
            {t('finish.failedKept')} {t('finish.failedDo')}
          </p>
          <Template again={again} />
        </div>
      </Section>
    );
  }
  return <Done one={one} />;
}

function Template({ again }: { again: ReactNode }) {
  const t = useT();
  const file = useDownload();
  return (
    <div className="ending-acts">
      {again}
      <Button
        icon={<DownloadOutlined aria-hidden />}
        loading={file.busy}
        onClick={() => void file.get('/v1/imports:template', t('upload.templateName'))}
      >
        {t('upload.template')}
      </Button>
    </div>
  );
}

function Done({ one }: { one: Import }) {
  const t = useT();
  const can = useCan();
  const file = useDownload();
  const client = useQueryClient();
  // What was read before the members came is out of date.
  useEffect(() => {
    for (const queryKey of [keys.members, keys.figures, keys.duplicates]) void client.invalidateQueries({ queryKey });
  }, [client]);
  const { added, changed, sum } = entering(one);
  const known = Number(one.counts?.known ?? 0);
  const faulty = Number(one.counts?.faulty ?? 0);
  const facts: [string, number][] = [
    ['added', added],
    ['changed', changed],
    ['skipped', known - changed],
    ['faulty', faulty],
  ];
  return (
    <>
      <Section>
        <div className="ending" role="status">
          <CheckCircleFilled className="ending-good" aria-hidden />
          <h2>{sum > 0 ? t('finish.done', { n: count(sum) }) : t('finish.doneNone')}</h2>
          {sum > 0 && <p className="quiet">{t('finish.doneAbout')}</p>}
        </div>
        <dl className="tally">
          {facts
            .filter(([, n]) => n > 0)
            .map(([key, n]) => (
              <div key={key} className={key === 'faulty' ? 'tally-bad' : undefined}>
                <dt>{t(`finish.${key}`)}</dt>
                <dd className="num">{count(n)}</dd>
              </div>
            ))}
        </dl>
      </Section>
      <Section title={t('finish.next')}>
        <ul className="steps">
          {faulty > 0 && (
            <>
              <li>
                <button
                  type="button"
                  className="step"
                  disabled={file.busy}
                  onClick={() =>
                    void file.get(
                      `/v1/imports/${one.id}/corrections`,
                      t('check.correctionsName', { name: one.fileName }),
                    )
                  }
                >
                  <Step name={t('finish.corrections', { n: count(faulty) })} hint={t('finish.correctionsHint')} />
                </button>
              </li>
              <li>
                <Link to="/imports/new" className="step">
                  <Step name={t('finish.again')} hint={t('finish.againHint')} />
                </Link>
              </li>
            </>
          )}
          <li>
            <Link to="/members" className="step">
              <Step name={t('finish.members')} hint={t('finish.membersHint')} />
            </Link>
          </li>
          {can('member.write') && (
            <li>
              <Link to="/members/poster" className="step">
                <Step name={t('finish.invite')} hint={t('finish.inviteHint')} />
              </Link>
            </li>
          )}
        </ul>
      </Section>
    </>
  );
}

function Step({ name, hint }: { name: string; hint: string }) {
  return (
    <>
      <span className="step-text">
        <span className="step-name">{name}</span>
        <span className="step-hint">{hint}</span>
      </span>
      <RightOutlined className="step-go" aria-hidden />
    </>
  );
}
