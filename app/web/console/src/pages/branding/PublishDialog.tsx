import { asApiError } from '@gonghui/api';
import { pick, useLocale, useT } from '@gonghui/ui';
import { useMutation } from '@tanstack/react-query';
import { App, Input, Modal } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { type Changed, differing, ownOf, whole } from './profile.ts';
import type { Design } from './useDesign.ts';
import { Warnings } from './Warnings.tsx';

/** What will change for whom, before it does. */
export function PublishDialog({ design, open, close }: { design: Design; open: boolean; close: () => void }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const { message } = App.useApp();
  const [note, setNote] = useState('');
  const { branding, profile } = design;
  const published = ownOf(branding.published);
  const parts = differing(profile, published);
  const inherited = ownOf(branding.inherited);
  const before = whole(published, inherited);
  const after = whole(profile, inherited);
  const words = (part: Changed, of: typeof after) =>
    ({
      names: [of.names.appName, of.names.slogan, of.names.appNameEn, of.names.sloganEn].filter(Boolean).join(' · '),
      logo: [t(of.logo.digest ? 'branding.hasLogo' : 'branding.noLogo'), of.logo.ground].filter(Boolean).join(' · '),
      theme: `${of.theme.accent} · ${t(`branding.splashes.${of.theme.splash}`)}`,
      tabs: of.tabs.keys
        .flatMap((key) => branding.tabs.filter((one) => one.key === key))
        .map((one) => pick(locale, one.titleZh, one.titleEn))
        .join(' · '),
      legal: of.legal.version || t(of.legal.privacy.titleZh ? 'branding.legalNew' : 'branding.product'),
      languages: of.languages.offered.map((one) => t(`branding.${one}`)).join(' · '),
      wording: t('branding.wordsOwn', { count: of.wording.words.length }),
      home: of.home.map((one) => t(`menus.role.${one.role || 'all'}`)).join(t('policy.comma')),
      fixed: of.fixed.map((one) => t(`branding.part.${one}`)).join(t('policy.comma')) || t('branding.nothing'),
    })[part];
  const publish = useMutation({
    mutationFn: () => design.publish(note.trim()),
    onSuccess: () => {
      void message.success(t('branding.published'));
      setNote('');
      close();
    },
    onError: (thrown) => message.error(asApiError(thrown).text(locale), 6),
  });
  return (
    <Modal
      open={open}
      title={t('branding.publishTitle')}
      okText={t('branding.publish')}
      cancelText={t('act.cancel')}
      confirmLoading={publish.isPending}
      onOk={() => publish.mutate()}
      onCancel={close}
      destroyOnHidden
    >
      <p>{t('branding.publishAbout')}</p>
      <dl className="design-changes">
        {parts.map((part) => (
          <div key={part}>
            <dt>{t(`branding.part.${part}`)}</dt>
            <dd>
              <Change was={words(part, before)} is={words(part, after)}>
                {part !== 'fixed' &&
                  part !== 'home' &&
                  (!profile[part] ? t('branding.followAgain') : published[part] ? '' : t('branding.ownNow'))}
              </Change>
            </dd>
          </div>
        ))}
      </dl>
      <Warnings warnings={branding.warnings} />
      <div className="design-field">
        <label htmlFor={id}>{t('branding.note')}</label>
        <Input id={id} value={note} maxLength={80} onChange={({ target }) => setNote(target.value)} />
      </div>
    </Modal>
  );
}

/** What a part says before and after, and who decides on it from now on; where only a picture changes, words cannot tell it apart. */
function Change({ was, is, children }: { was: string; is: string; children: ReactNode }) {
  const t = useT();
  if (was === is) return children || t('branding.exchanged');
  return (
    <>
      <del>{was}</del> → <ins>{is}</ins>
      {children && <div className="quiet">{children}</div>}
    </>
  );
}
