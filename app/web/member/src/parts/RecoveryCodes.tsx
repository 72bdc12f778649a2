import { useT } from '@gonghui/ui/base';
import { Button } from './Button.tsx';

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
      <p>{t('security.recovery.shown')}</p>
      <ol className="recovery-codes num" aria-label={t('security.recovery.list')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Button onClick={download}>{t('security.recovery.download')}</Button>
      <Button kind="primary" onClick={done}>
        {t('security.recovery.saved')}
      </Button>
    </>
  );
}
