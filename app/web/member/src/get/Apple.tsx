import type { Schemas } from '@gonghui/api';
import { useT } from '@gonghui/ui/base';
import { Copy } from './Copy.tsx';
import { Steps } from './Steps.tsx';

interface Props {
  /** The profile that puts an icon on the home screen. */
  profile: Schemas['AppDownloadChannel'] | undefined;
  /** Only Safari takes profiles. */
  safari: boolean;
  url: string;
}

/** iPhone and iPad: a profile, or the browser's own way. */
export function Apple({ profile, safari, url }: Props) {
  const t = useT();
  return (
    <>
      {profile && (
        <section className="panel stack">
          {safari ? (
            // Safari takes a profile when it is gone to, not when it is saved.
            <a className="button button-primary" href={profile.url}>
              {t('member.get.ios.act')}
            </a>
          ) : (
            <>
              <p>{t('member.get.ios.safari')}</p>
              <Copy url={url} />
            </>
          )}
          <Steps label={t('member.get.ios.act')}>
            {(['allow', 'settings', 'install'] as const).map((step) => t(`member.get.ios.steps.${step}`))}
          </Steps>
        </section>
      )}
      <section className="panel stack">
        <h2 className="state-title">{t('member.get.ios.share')}</h2>
        <Steps label={t('member.get.ios.share')}>
          {(['share', 'add'] as const).map((step) => t(`member.get.ios.shareSteps.${step}`))}
        </Steps>
      </section>
    </>
  );
}
