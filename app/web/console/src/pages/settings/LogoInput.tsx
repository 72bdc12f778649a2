import { useT } from '@gonghui/ui';
import { Button, Upload } from 'antd';
import { useState } from 'react';
import { type LogoFault, readLogo } from './logo.ts';

interface Props {
  id?: string;
  /** A data: address, or empty. */
  value?: string;
  onChange?: (logo: string) => void;
}

/** Picks a picture for the logo; nothing is sent until the form is saved. */
export function LogoInput({ id, value, onChange }: Props) {
  const t = useT();
  const [fault, setFault] = useState<LogoFault | null>(null);
  const take = async (file: File) => {
    const read = await readLogo(file);
    if ('logo' in read) {
      setFault(null);
      onChange?.(read.logo);
    } else setFault(read.fault);
  };
  return (
    <div className="logo-input">
      {value && <img src={value} alt={t('theme.logoAlt')} className="logo-shown" />}
      <Upload
        id={id}
        accept="image/png,image/jpeg,image/webp"
        showUploadList={false}
        beforeUpload={(file) => {
          void take(file);
          return false;
        }}
      >
        <Button>{t('theme.logoPick')}</Button>
      </Upload>
      {value && <Button onClick={() => onChange?.('')}>{t('theme.logoDrop')}</Button>}
      {fault && (
        <p className="logo-fault" role="alert">
          {fault === 'logoBig' ? t('theme.logoBig') : t('theme.logoBad')}
        </p>
      )}
    </div>
  );
}
