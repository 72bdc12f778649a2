import { asApiError } from '@gonghui/api';
import {
  languageName,
  type ModeChoice,
  setElder,
  setLocale,
  setMode,
  useChosenLocale,
  useElder,
  useLanguages,
  useLocale,
  useMode,
  useT,
} from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { standalone } from '../installing.ts';
import { legalKinds } from '../legal.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { NextIcon } from '../parts/icons.tsx';
import { say } from '../parts/Notice.tsx';
import { Toggle } from '../parts/Toggle.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { goTo, signOut, useMe } from '../session.ts';

const modes: readonly ModeChoice[] = ['system', 'light', 'dark'];

/** The person: other places, account, how the app is shown. */
export default function MyPage() {
  const t = useT();
  useTitle(t('member.me.title'));
  const me = useMe();
  const staff = me.place.role !== 'member' && me.place.role !== 'supervisor';
  return (
    <>
      <h1 className="page-title">{t('member.me.title')}</h1>
      <section className="panel who">
        <span className="who-letter" aria-hidden="true">
          {me.name.slice(0, 1)}
        </span>
        <div>
          <p className="who-name">{me.name}</p>
          <p className="small num">
            {me.phone} · {t(`role.${me.place.role}`)}
          </p>
        </div>
      </section>
      {staff && (
        <section className="panel rows">
          <a className="row" href="/console/">
            <span className="row-words">
              <span>{t('member.me.console')}</span>
              <span className="small">{t('member.me.consoleHelp')}</span>
            </span>
            <NextIcon />
          </a>
        </section>
      )}
      <Places />
      <h2 className="section-title">{t('member.me.account')}</h2>
      <section className="panel rows">
        <Link className="row" href="/me/devices">
          {t('member.sessions.title')}
          <NextIcon />
        </Link>
        <Link className="row" href="/me/security">
          {t('member.security.title')}
          <NextIcon />
        </Link>
        <Link className="row" href="/me/password">
          {t(me.passwordSet ? 'member.password.title' : 'member.password.set')}
          <NextIcon />
        </Link>
        <Link className="row" href="/me/records">
          {t('member.records.title')}
          <NextIcon />
        </Link>
        <Link className="row" href="/me/apps">
          {t('member.apps.title')}
          <NextIcon />
        </Link>
        <Link className="row" href="/me/data">
          {t('member.data.title')}
          <NextIcon />
        </Link>
      </section>
      <h2 className="section-title">{t('member.me.display')}</h2>
      <Display />
      <h2 className="section-title">{t('member.me.about')}</h2>
      <section className="panel rows">
        {!standalone() && (
          <Link className="row" href="/get">
            {t('member.me.get')}
            <NextIcon />
          </Link>
        )}
        {legalKinds.map((kind) => (
          <Link key={kind} className="row" href={`/legal/${kind}`}>
            {t(`member.legal.${kind}`)}
            <NextIcon />
          </Link>
        ))}
      </section>
      <Leave />
      {me.demo && <p className="small centred">{t('member.me.demo')}</p>}
    </>
  );
}

function Places() {
  const t = useT();
  const locale = useLocale();
  const { places } = useMe();
  const go = useMutation({ mutationFn: goTo, onError: (error) => say(asApiError(error).text(locale)) });
  if (places.length === 0) return null;
  return (
    <>
      <h2 className="section-title">{t('shell.otherPlaces')}</h2>
      <section className="panel rows">
        {places.map((place) => (
          <button
            key={place.identityId}
            type="button"
            className="row"
            disabled={go.isPending}
            onClick={() => go.mutate(place)}
          >
            <span className="row-words">
              <span>{place.bodyName}</span>
              <span className="small">{t(`role.${place.role}`)}</span>
            </span>
            <NextIcon />
          </button>
        ))}
      </section>
    </>
  );
}

function Display() {
  const t = useT();
  const locale = useChosenLocale();
  const languages = useLanguages();
  const mode = useMode();
  const elder = useElder();
  return (
    <section className="panel rows">
      <Toggle label={t('member.me.elder')} help={t('member.me.elderHelp')} on={elder} change={setElder} />
      <Choice
        label={t('shell.theme')}
        options={modes.map((value) => ({ value, text: t(`shell.${value}`) }))}
        value={mode.choice}
        change={setMode}
      />
      {languages.length > 1 && (
        <Choice
          label={t('shell.language')}
          options={languages.map((value) => ({
            value,
            text: languageName(value),
            lang: value === 'zh' ? 'zh-CN' : 'en',
          }))}
          value={locale}
          change={setLocale}
        />
      )}
    </section>
  );
}

function Leave() {
  const t = useT();
  const locale = useLocale();
  const leave = useMutation({
    mutationFn: signOut,
    onError: (error) => say(asApiError(error).text(locale)),
  });
  return (
    <Button busy={leave.isPending} onClick={() => leave.mutate()}>
      {t('shell.signOut')}
    </Button>
  );
}
