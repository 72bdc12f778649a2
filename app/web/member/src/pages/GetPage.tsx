import { api, take } from '@gonghui/api';
import { addTexts, pick, useLocale, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { Android } from '../get/Android.tsx';
import { Apple } from '../get/Apple.tsx';
import { Desktop } from '../get/Desktop.tsx';
import { Harmony } from '../get/Harmony.tsx';
import { Inside } from '../get/Inside.tsx';
import en from '../i18n/get.en.ts';
import zh from '../i18n/get.zh.ts';
import { standalone } from '../installing.ts';
import { Choice } from '../parts/Choice.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Loading } from '../parts/Loading.tsx';
import { SubPage } from '../parts/SubPage.tsx';
import { type Device, devices, visitOf } from '../rules/device.ts';
import '../get/get.css';

addTexts({ zh, en });

/** How the body's app gets onto the device that one holds: anybody may look. */
export default function GetPage() {
  const t = useT();
  const locale = useLocale();
  const visit = visitOf(navigator.userAgent, navigator.maxTouchPoints);
  const [device, setDevice] = useState<Device>(visit.device);
  const download = useQuery({ queryKey: ['download'], queryFn: () => take(api.GET('/v1/app/download')) });
  const offer = download.data;
  if (download.error && !offer) return <Failed error={download.error} retry={() => void download.refetch()} page />;
  if (!offer) return <Loading />;
  const channel = (name: string) => offer.channels.find((one) => one.channel === name);
  const name = pick(locale, offer.appName, offer.appNameEn) || offer.bodyName;
  const there = visit.own ? 'own' : standalone() ? 'standalone' : '';
  return (
    <SubPage title={t('member.get.title')} back="/">
      <section className="get-head">
        <img src="/icon-192.png" alt="" width={72} height={72} />
        <div>
          <h2>{name}</h2>
          {name !== offer.bodyName && <p className="small">{offer.bodyName}</p>}
        </div>
      </section>
      {there ? (
        <section className="panel stack">
          <p>{t(`member.get.${there}`)}</p>
          <Link className="button button-primary" href="/">
            {t('member.get.home')}
          </Link>
        </section>
      ) : (
        <>
          {visit.inside && <Inside app={visit.inside} computer={visit.device === 'desktop'} url={offer.url} />}
          {visit.inside ? null : offer.channels.length === 0 ? (
            <section className="panel stack">
              <h2 className="state-title">{t('member.get.none', { body: offer.bodyName })}</h2>
              <p className="small">{t('member.get.noneWhy')}</p>
            </section>
          ) : (
            <>
              <section className="panel rows">
                <Choice
                  label={t('member.get.device')}
                  options={devices.map((value) => ({ value, text: t(`member.get.devices.${value}`) }))}
                  value={device}
                  change={setDevice}
                />
              </section>
              {device === 'android' && <Android file={channel('android')} />}
              {device === 'ios' && <Apple profile={channel('webclip')} safari={!visit.notSafari} url={offer.url} />}
              {device === 'harmony' && <Harmony older={!!channel('android')} />}
              {device === 'desktop' && <Desktop url={offer.url} />}
            </>
          )}
          <Link className="button" href="/">
            {t('member.get.web')}
          </Link>
        </>
      )}
    </SubPage>
  );
}
