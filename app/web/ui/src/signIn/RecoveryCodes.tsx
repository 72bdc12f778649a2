import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useT } from '../base/i18n.ts';

interface Props {
  codes: string[];
  done: () => void;
}

/** The recovery codes, this once. */
export function RecoveryCodes({ codes, done }: Props) {
  const t = useT();
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }));
    link.download = `${t('security.recovery.file')}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 0);
  };
  return (
    <>
      <p className="form-about">{t('security.recovery.shown')}</p>
      <ol className="recovery-codes num" aria-label={t('security.recovery.list')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="recovery-acts">
        <Button icon={<DownloadOutlined aria-hidden />} onClick={download}>
          {t('security.recovery.download')}
        </Button>
        <Button type="primary" onClick={done}>
          {t('security.recovery.saved')}
        </Button>
      </div>
    </>
  );
}
