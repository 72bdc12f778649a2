import { DownloadOutlined, InboxOutlined } from '@ant-design/icons';
import { asApiError, uuid } from '@gonghui/api';
import { fileSize, LeaveGuard, NoRight, PageHead, Section, useCan, useLocale, useT, useWide } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Upload as Drop, Progress } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { keys } from '../../data.ts';
import { stopped, type Upload, upload } from '../../transfer.ts';
import { useDownload } from '../../useDownload.ts';

import { ImportStages } from './ImportStages.tsx';

const KINDS = ['.xlsx', '.csv'];

interface Sending {
  file: File;
  share: number;
}

/** The first step of an import: which file. What comes after stands at the import's own address. */
export function UploadPage() {
  const t = useT();
  const can = useCan();
  const wide = useWide();
  const locale = useLocale();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [sending, setSending] = useState<Sending | null>(null);
  const [fault, setFault] = useState('');
  const transfer = useRef<Upload | null>(null);
  const act = useRef<{ file: File; key: string } | null>(null);
  const template = useDownload();
  useEffect(() => () => transfer.current?.cancel(), []);
  if (!can('member.import')) return <NoRight page what={t('imports.add')} />;

  const refuse = (file: File): string => {
    if (!KINDS.some((kind) => file.name.toLowerCase().endsWith(kind))) return t('upload.badKind', { name: file.name });
    return file.size === 0 ? t('upload.badEmpty', { name: file.name }) : '';
  };
  const start = async (file: File) => {
    const bad = refuse(file);
    setFault(bad);
    if (bad || transfer.current) return;
    // The same file again after a lost answer is the same act.
    if (act.current?.file !== file) act.current = { file, key: uuid() };
    setSending({ file, share: 0 });
    const on = upload(file, act.current.key, (share) => setSending({ file, share }));
    transfer.current = on;
    try {
      const made = await on.done;
      transfer.current = null;
      setSending(null);
      client.setQueryData([...keys.imports, 'one', made.id], made);
      void client.invalidateQueries({ queryKey: [...keys.imports, 'list'] });
      void navigate(`/imports/${made.id}`, { replace: true });
    } catch (thrown) {
      transfer.current = null;
      setSending(null);
      if (stopped(thrown)) void message.info(t('upload.stopped'));
      else {
        const error = asApiError(thrown);
        if (!error.transient) act.current = null;
        setFault(error.text(locale));
      }
    }
  };

  return (
    <div className="page page-narrow">
      <LeaveGuard dirty={() => transfer.current !== null} />
      <PageHead
        title={t('imports.add')}
        purpose={t('imports.addPurpose')}
        action={<Link to="/imports">{t('imports.toList')}</Link>}
      />
      <ImportStages at={0} />
      <Section title={t('upload.title')}>
        {fault && (
          <Alert
            role="alert"
            type="error"
            showIcon
            className="above"
            title={t('upload.failed')}
            description={fault}
            action={
              act.current && (
                <Button size="small" onClick={() => act.current && void start(act.current.file)}>
                  {t('act.retry')}
                </Button>
              )
            }
          />
        )}
        {sending ? (
          <div className="job">
            <p className="job-title">{t('upload.sending', { name: sending.file.name })}</p>
            <Progress
              percent={Math.floor(sending.share * 100)}
              status="active"
              aria-label={t('upload.sending', { name: sending.file.name })}
            />
            <p className="job-line num" role="status">
              {sending.share < 1
                ? t('upload.sent', {
                    done: fileSize(sending.file.size * sending.share),
                    all: fileSize(sending.file.size),
                  })
                : t('upload.received')}
            </p>
            <Button onClick={() => transfer.current?.cancel()}>{t('upload.stop')}</Button>
          </div>
        ) : (
          <Drop.Dragger
            accept={KINDS.join(',')}
            multiple={false}
            showUploadList={false}
            beforeUpload={(file) => {
              void start(file);
              return false;
            }}
          >
            <p className="drop-icon">
              <InboxOutlined aria-hidden />
            </p>
            <p className="drop-text">{t(wide ? 'upload.drop' : 'upload.dropPhone')}</p>
            <p className="drop-hint">{t('upload.kinds')}</p>
          </Drop.Dragger>
        )}
      </Section>
      <Section
        title={t('upload.expect')}
        action={
          <Button
            icon={<DownloadOutlined aria-hidden />}
            loading={template.busy}
            onClick={() => void template.get('/v1/imports:template', t('upload.templateName'))}
          >
            {t('upload.template')}
          </Button>
        }
      >
        <ul className="points">
          {(['columns', 'more', 'forms', 'safe'] as const).map((point) => (
            <li key={point}>{t(`upload.expects.${point}`)}</li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
