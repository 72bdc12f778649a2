import type { Schemas } from '@gonghui/api';
import { fileSize, useT } from '@gonghui/ui/base';
import { Install } from './Install.tsx';
import { Steps } from './Steps.tsx';

type File = Schemas['AppDownloadChannel'];

/** A package with its steps, or the browser's own way. */
export function Android({ file }: { file: File | undefined }) {
  const t = useT();
  if (!file) {
    return (
      <section className="panel stack">
        <h2 className="state-title">{t('member.get.pwa.act')}</h2>
        <p className="small">{t('member.get.pwa.why')}</p>
        <Install primary />
      </section>
    );
  }
  return (
    <>
      <section className="panel stack">
        <a className="button button-primary" href={file.url} download>
          {t('member.get.android.act')}
        </a>
        <p className="small num centred">
          {[t('member.get.version', { version: file.versionName }), fileSize(file.size)].join(' · ')}
        </p>
        <Steps label={t('member.get.android.act')}>
          {(['download', 'allow', 'open'] as const).map((step) => t(`member.get.android.steps.${step}`))}
        </Steps>
        <details className="get-digest">
          <summary>{t('member.get.android.digest')}</summary>
          <p className="small">{t('member.get.android.digestWhy')}</p>
          <code>{file.sha256}</code>
        </details>
      </section>
      <section className="panel stack">
        <h2 className="state-title">{t('member.get.pwa.or')}</h2>
        <p className="small">{t('member.get.pwa.why')}</p>
        <Install />
      </section>
    </>
  );
}
