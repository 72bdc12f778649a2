import { UploadOutlined } from '@ant-design/icons';
import { asApiError } from '@gonghui/api';
import { useAct, useLocale, useT } from '@gonghui/ui';
import { Button, Upload } from 'antd';
import { useId, useState } from 'react';
import { AccentInput } from './AccentInput.tsx';
import { Icons } from './Icons.tsx';
import { addLogo, kinds } from './logo.ts';
import { PartFrame } from './PartFrame.tsx';
import { type Logo, ownOf, whole } from './profile.ts';
import type { Design } from './useDesign.ts';

interface Props {
  design: Design;
  /** Token of the preview; icons of the draft are drawn by it. */
  token: string;
  /** Called with the colours of a logo that was added. */
  suggest: (colours: string[]) => void;
}

/** The logo, and every icon that is made of it. */
export function LogoPart({ design, token, suggest }: Props) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const { logo } = whole(design.profile, ownOf(design.branding.inherited));
  const [removed, setRemoved] = useState<string[]>([]);
  const set = (to: Partial<Logo>, touched = '') => design.edit({ logo: { ...logo, ...to } }, touched);
  const add = useAct({
    run: (file: File, key) => addLogo(file, key),
    quiet: true,
    done: (reply) => {
      setRemoved(reply.removed);
      suggest(reply.colours);
      set({ digest: reply.logo.digest, data: reply.logo.data });
    },
  });
  return (
    <PartFrame design={design} part="logo" own={() => set({ digest: '', data: '' })}>
      <div className="logo-input">
        {logo.data && <img src={logo.data} alt={t('branding.logoAlt')} className="logo-shown" />}
        <Upload
          id={`${id}file`}
          accept={kinds}
          showUploadList={false}
          beforeUpload={(file) => {
            add.mutate(file);
            return false;
          }}
        >
          <Button icon={<UploadOutlined aria-hidden />} loading={add.isPending}>
            {t(logo.digest ? 'branding.logoOther' : 'branding.logoPick')}
          </Button>
        </Upload>
        {logo.digest && <Button onClick={() => set({ digest: '', data: '' })}>{t('branding.logoDrop')}</Button>}
        {add.error && (
          <p className="logo-fault" role="alert">
            {asApiError(add.error).text(locale)}
          </p>
        )}
        {removed.length > 0 && <p className="design-warning">{t('branding.removed', { names: removed.join(', ') })}</p>}
      </div>
      <div className="design-field">
        <label htmlFor={`${id}ground`}>{t('branding.ground')}</label>
        <span className="row-acts">
          <AccentInput id={`${id}ground`} value={logo.ground} onChange={(ground) => set({ ground }, 'ground')} />
          {logo.ground && <Button onClick={() => set({ ground: '' })}>{t('branding.groundAuto')}</Button>}
        </span>
      </div>
      <Icons token={token} version={design.branding.theme.version} />
    </PartFrame>
  );
}
