import { api, asApiError, take } from '@gonghui/api';
import { addTexts, Mark, useLocale, useT, useTheme } from '@gonghui/ui/base';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Button } from '../../parts/Button.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { say } from '../../parts/Notice.tsx';
import { useTitle } from '../../parts/useTitle.ts';
import { signOutTo, useMe } from '../../session.ts';
import { authorizeTexts } from './authorizeTexts.ts';

addTexts(authorizeTexts);

/** An application asks to sign the person in: what it will learn, and the person's word. */
export default function Authorize() {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const { appName, bodyName } = useTheme();
  const [search] = useSearchParams();
  const id = search.get('request') ?? '';
  useTitle(t('member.authorize.title'));
  const asked = useQuery({
    queryKey: ['authorization', id],
    queryFn: () => take(api.GET('/v1/oidc/requests/{id}', { params: { path: { id } } })),
    staleTime: 0,
    gcTime: 0,
  });
  const decide = useMutation({
    mutationFn: (allow: boolean) =>
      take(api.POST('/v1/oidc/requests/{id}:decide', { params: { path: { id } }, body: { id, allow } })),
    onSuccess: ({ url }) => window.location.replace(url),
    onError: (error) => say(asApiError(error).text(locale)),
  });
  const again = useMutation({
    mutationFn: () => signOutTo(`/authorize?request=${encodeURIComponent(id)}`),
    onError: (error) => say(asApiError(error).text(locale)),
  });
  const settled = asked.data?.settled ?? false;
  const { mutate } = decide;
  useEffect(() => {
    if (settled) mutate(true);
  }, [settled, mutate]);
  const lost = asApiError(asked.error ?? decide.error);
  if (lost.reason === 'AUTHORIZATION_INVALID' && lost.code === 404) return <Lost text={lost.text(locale)} />;
  if (asked.error) return <Failed error={asked.error} retry={() => void asked.refetch()} page />;
  if (!asked.data || settled) return <Loading />;
  const { clientName, returnsTo, scopes, signInAgain, own } = asked.data;
  return (
    <main className="page authorize">
      <div className="welcome-head">
        <Mark size={56} />
        <h1>{t('member.authorize.heading', { app: clientName })}</h1>
        <p className="small">{t('member.authorize.by', { body: bodyName || appName })}</p>
      </div>
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
      {signInAgain ? (
        <>
          <p>{t('member.authorize.again', { app: clientName })}</p>
          <Button kind="primary" busy={again.isPending} onClick={() => again.mutate()}>
            {t('member.authorize.againAct')}
          </Button>
        </>
      ) : (
        <>
          <h2 className="section-title">{t('member.authorize.learns')}</h2>
          <ul className="panel rows">
            {scopes.map((scope) => (
              <li key={scope} className="row">
                <span className="row-words">
                  <span>{t(`member.authorize.scope.${scope}`)}</span>
                  <span className="small">{t(`member.authorize.scopeHelp.${scope}`)}</span>
                </span>
              </li>
            ))}
          </ul>
          <p className="small">{t(own ? 'member.authorize.own' : 'member.authorize.third', { host: returnsTo })}</p>
          <Button kind="primary" busy={decide.isPending} onClick={() => decide.mutate(true)}>
            {t('member.authorize.allow')}
          </Button>
          <Button disabled={decide.isPending} onClick={() => decide.mutate(false)}>
            {t('member.authorize.refuse')}
          </Button>
        </>
      )}
    </main>
  );
}

/** The request has run out, or there never was one: only the application can ask anew. */
function Lost({ text }: { text: string }) {
  const t = useT();
  return (
    <main className="state state-page" role="alert">
      <h1 className="state-title">{t('member.authorize.lost')}</h1>
      <p>{text}</p>
      <Link className="button" href="/">
        {t('member.authorize.home')}
      </Link>
    </main>
  );
}
