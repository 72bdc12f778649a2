import { api, asApiError, createPasskey, passkeysHere, type Schemas, take } from '@gonghui/api';
import { addTexts, dateTime, sentences, useLocale, useT } from '@gonghui/ui/base';
import { securityTexts } from '@gonghui/ui/security-texts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Ask } from '../parts/Ask.tsx';
import { Button } from '../parts/Button.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Field } from '../parts/Field.tsx';
import { say } from '../parts/Notice.tsx';
import { RecoveryCodes } from '../parts/RecoveryCodes.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { SubPage } from '../parts/SubPage.tsx';
import { TotpSetUp } from '../parts/TotpSetUp.tsx';
import { passkeysKey, securityQuery } from '../queries.ts';

addTexts(securityTexts);

type Passkey = Schemas['Passkey'];

/** The second factors of the own account. */
export default function Security() {
  const t = useT();
  const client = useQueryClient();
  const security = useQuery(securityQuery);
  const [secret, setSecret] = useState<Schemas['TotpSecret'] | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const refresh = () =>
    Promise.all([securityQuery.queryKey, passkeysKey].map((queryKey) => client.invalidateQueries({ queryKey })));
  const frame = (children: React.ReactNode) => (
    <SubPage title={t('security.factors.title')} purpose={t('security.factors.about')} back="/me">
      {children}
    </SubPage>
  );
  if (codes.length > 0) return frame(<RecoveryCodes codes={codes} done={() => setCodes([])} />);
  if (secret) {
    return frame(
      <TotpSetUp
        secret={secret}
        confirm={async (code) => {
          const made = await take(api.POST('/v1/own/totp:confirm', { body: { code } }));
          await refresh();
          setSecret(null);
          setCodes(made.codes);
          say(t('security.totp.done'));
        }}
      />,
    );
  }
  if (security.error && !security.data) {
    return frame(<Failed error={security.error} retry={() => void security.refetch()} />);
  }
  if (!security.data) return frame(<span className="grey union-grey" />);
  const has = security.data;
  return frame(
    <>
      {has.demanded && <p className="tag">{t('security.factors.demanded')}</p>}
      <Totp has={has} start={setSecret} refresh={refresh} />
      <Passkeys added={setCodes} refresh={refresh} />
      {(has.totp || has.passkeys > 0) && <Recovery left={has.recoveryCodes} made={setCodes} refresh={refresh} />}
    </>,
  );
}

interface TotpProps {
  has: Schemas['Security'];
  start: (secret: Schemas['TotpSecret']) => void;
  refresh: () => Promise<unknown>;
}

function Totp({ has, start, refresh }: TotpProps) {
  const t = useT();
  const locale = useLocale();
  const [asking, setAsking] = useState(false);
  const begin = useMutation({ mutationFn: () => take(api.POST('/v1/own/totp:start', { body: {} })), onSuccess: start });
  const remove = useMutation({
    mutationFn: () => take(api.DELETE('/v1/own/totp')),
    onSuccess: async () => {
      await refresh();
      say(t('security.totp.removed'));
    },
    onError: (error) => say(asApiError(error).text(locale)),
    onSettled: () => setAsking(false),
  });
  return (
    <section className="panel stack">
      <h2 className="state-title">{t('security.way.totp')}</h2>
      <p className="small">
        {has.totp ? t('security.totp.since', { at: dateTime(has.totpAt) }) : t('security.totp.about')}
      </p>
      <Refusal error={begin.error} />
      {has.totp ? (
        <Button onClick={() => setAsking(true)}>{t('security.totp.remove')}</Button>
      ) : (
        <Button kind="primary" busy={begin.isPending} onClick={() => begin.mutate()}>
          {t('security.totp.setUp')}
        </Button>
      )}
      {asking && (
        <Ask
          title={t('security.totp.removeAsk')}
          text={t('security.totp.removeWhy')}
          act={t('security.totp.remove')}
          busy={remove.isPending}
          yes={() => remove.mutate()}
          no={() => setAsking(false)}
        />
      )}
    </section>
  );
}

interface PasskeysProps {
  added: (codes: string[]) => void;
  refresh: () => Promise<unknown>;
}

function Passkeys({ added, refresh }: PasskeysProps) {
  const t = useT();
  const locale = useLocale();
  const [asked, setAsked] = useState<Passkey | null>(null);
  const [naming, setNaming] = useState<Passkey | null>(null);
  const list = useInfiniteQuery({
    queryKey: passkeysKey,
    initialPageParam: '',
    queryFn: ({ pageParam }) => take(api.GET('/v1/own/passkeys', { params: { query: { pageToken: pageParam } } })),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const add = useMutation({
    mutationFn: async () => {
      const question = await take(api.POST('/v1/own/passkeys:start', { body: {} }));
      const credential = await createPasskey(question.options);
      return take(api.POST('/v1/own/passkeys', { body: { passkey: { id: question.id, credential } } }));
    },
    onSuccess: async (made) => {
      await refresh();
      say(t('security.passkeys.added'));
      added(made.recoveryCodes);
    },
  });
  const remove = useMutation({
    mutationFn: ({ id }: Passkey) => take(api.DELETE('/v1/own/passkeys/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await refresh();
      say(t('security.passkeys.removed'));
    },
    onError: (error) => say(asApiError(error).text(locale)),
    onSettled: () => setAsked(null),
  });
  const passkeys = list.data?.pages.flatMap((page) => page.passkeys) ?? [];
  return (
    <section className="panel stack">
      <h2 className="state-title">{t('security.way.passkey')}</h2>
      <p className="small">{t(passkeysHere() ? 'security.passkeys.about' : 'security.way.passkeyNone')}</p>
      {list.error && !list.data && <Failed error={list.error} retry={() => void list.refetch()} />}
      {passkeys.length > 0 && (
        <ul className="rows">
          {passkeys.map((key) => (
            <li key={key.id} className="row">
              {naming?.id === key.id ? (
                <Rename passkey={key} end={() => setNaming(null)} refresh={refresh} />
              ) : (
                <>
                  <span className="row-words">
                    <span>
                      {key.name} {key.synced && <span className="tag">{t('security.passkeys.synced')}</span>}
                    </span>
                    <span className="small num">
                      {key.usedAt
                        ? t('security.passkeys.used', { at: dateTime(key.usedAt) })
                        : t('security.passkeys.made', { at: dateTime(key.createdAt) })}
                    </span>
                  </span>
                  <button type="button" className="plain" onClick={() => setNaming(key)}>
                    {t('security.passkeys.rename')}
                    <span className="unseen">{key.name}</span>
                  </button>
                  <button type="button" className="plain" onClick={() => setAsked(key)}>
                    {t('security.passkeys.remove')}
                    <span className="unseen">{key.name}</span>
                  </button>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <button type="button" className="plain" onClick={() => void list.fetchNextPage()}>
          {t('list.next')}
        </button>
      )}
      <Refusal error={add.error} />
      <Button busy={add.isPending} disabled={!passkeysHere()} onClick={() => add.mutate()}>
        {t('security.passkeys.add')}
      </Button>
      {asked && (
        <Ask
          title={t('security.passkeys.removeAsk', { name: asked.name })}
          text={t('security.passkeys.removeWhy')}
          act={t('security.passkeys.remove')}
          busy={remove.isPending}
          yes={() => remove.mutate(asked)}
          no={() => setAsked(null)}
        />
      )}
    </section>
  );
}

interface RenameProps {
  passkey: Passkey;
  end: () => void;
  refresh: () => Promise<unknown>;
}

function Rename({ passkey, end, refresh }: RenameProps) {
  const t = useT();
  const [name, setName] = useState(passkey.name);
  const [asked, setAsked] = useState(false);
  const { id } = passkey;
  const save = useMutation({
    mutationFn: () =>
      take(api.PUT('/v1/own/passkeys/{id}', { params: { path: { id } }, body: { id, name: name.trim() } })),
    onSuccess: async () => {
      await refresh();
      say(t('security.passkeys.renamed'));
      end();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim()) save.mutate();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field
        label={t('security.passkeys.name')}
        help={t('security.passkeys.nameHint')}
        value={name}
        change={setName}
        error={asked && !name.trim() ? t('form.required', { label: t('security.passkeys.name') }) : undefined}
        autoComplete="off"
        maxLength={60}
        first
      />
      <Refusal error={save.error} />
      <Button type="submit" kind="primary" busy={save.isPending}>
        {t('act.save')}
      </Button>
      <Button onClick={end}>{t('act.cancel')}</Button>
    </form>
  );
}

interface RecoveryProps {
  left: number;
  made: (codes: string[]) => void;
  refresh: () => Promise<unknown>;
}

function Recovery({ left, made, refresh }: RecoveryProps) {
  const t = useT();
  const locale = useLocale();
  const [asking, setAsking] = useState(false);
  const renew = useMutation({
    mutationFn: () => take(api.POST('/v1/own/recovery-codes', { body: {} })),
    onSuccess: async ({ codes }) => {
      await refresh();
      made(codes);
    },
    onSettled: () => setAsking(false),
  });
  return (
    <section className="panel stack">
      <h2 className="state-title">{t('security.recovery.title')}</h2>
      <p className="small">
        {sentences(locale, [t('security.recovery.about'), t('security.recovery.left', { n: left })])}
      </p>
      {left < 3 && <p className="small">{t('security.recovery.low')}</p>}
      <Refusal error={renew.error} />
      <Button onClick={() => setAsking(true)}>{t('security.recovery.renew')}</Button>
      {asking && (
        <Ask
          title={t('security.recovery.renewAsk')}
          text={t('security.recovery.renewWhy')}
          act={t('security.recovery.renew')}
          busy={renew.isPending}
          yes={() => renew.mutate()}
          no={() => setAsking(false)}
        />
      )}
    </section>
  );
}
