import { api, passkeysHere, take } from '@gonghui/api';
import {
  languageName,
  Mark,
  pick,
  setElder,
  setLocale,
  useElder,
  useLanguages,
  useLocale,
  useT,
  useTheme,
} from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { page } from '../page.tsx';
import { CodeSignIn, type Proof } from '../parts/CodeSignIn.tsx';
import { useEntry } from '../parts/useEntry.tsx';

const PasswordSignIn = page(() => import('./PasswordSignIn.tsx'));
const PasskeySignIn = lazy(() => import('./PasskeySignIn.tsx'));
const DemoAccounts = page(() => import('./DemoAccounts.tsx'));
const Claim = page(() => import('./Claim.tsx'));
const Ended = lazy(() => import('../parts/Ended.tsx'));

/** The first page of a visitor: whose app this is, and the way in. With `joining` it was reached by the body's poster. */
export default function Welcome({ joining }: { joining: boolean }) {
  const t = useT();
  const locale = useLocale();
  const { appName, appNameEn, bodyName, demo, slogan, sloganEn } = useTheme();
  const [proof, setProof] = useState<Proof | null>(null);
  const [byPassword, setByPassword] = useState(false);
  const entry = useEntry();
  const end = useQuery({ queryKey: ['session-end'], queryFn: () => take(api.GET('/v1/session:end')), retry: false });
  if (proof) {
    return (
      <Suspense>
        <Claim proof={proof} back={() => setProof(null)} />
      </Suspense>
    );
  }
  return (
    <div className="welcome">
      <header className="welcome-top">
        <ElderSwitch />
        <LanguageSwitch />
      </header>
      <main className="page welcome-main">
        <div className="welcome-head">
          <Mark size={64} />
          <h1>{pick(locale, appName, appNameEn) || bodyName}</h1>
          {appName && <p className="welcome-body">{bodyName}</p>}
          {slogan && <p className="welcome-slogan">{pick(locale, slogan, sloganEn)}</p>}
          <p className="small">{t(joining ? 'member.welcome.join' : 'member.welcome.purpose')}</p>
        </div>
        {end.data?.why && (
          <Suspense>
            <Ended end={end.data} />
          </Suspense>
        )}
        {entry.steps ? (
          entry.steps
        ) : (
          <>
            {byPassword ? (
              <Suspense>
                <PasswordSignIn come={entry.come} />
              </Suspense>
            ) : (
              <CodeSignIn claim={setProof} />
            )}
            <div className="welcome-ways">
              <button type="button" className="plain" onClick={() => setByPassword(!byPassword)}>
                {t(byPassword ? 'member.welcome.byCode' : 'member.welcome.byPassword')}
              </button>
              {byPassword && (
                <Link className="plain" href="/reset">
                  {t('member.welcome.forgot')}
                </Link>
              )}
            </div>
            {byPassword && passkeysHere() && (
              <Suspense>
                <PasskeySignIn come={entry.come} />
              </Suspense>
            )}
            {demo && (
              <Suspense>
                <DemoAccounts come={entry.come} />
              </Suspense>
            )}
          </>
        )}
      </main>
    </div>
  );
}

function ElderSwitch() {
  const t = useT();
  const elder = useElder();
  return (
    <button type="button" className="plain" onClick={() => setElder(!elder)}>
      {t(elder ? 'member.elder.off' : 'member.elder.on')}
    </button>
  );
}

function LanguageSwitch() {
  const locale = useLocale();
  const other = useLanguages().find((one) => one !== locale);
  if (!other) return null;
  return (
    <button type="button" className="plain" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => setLocale(other)}>
      {languageName(other)}
    </button>
  );
}
