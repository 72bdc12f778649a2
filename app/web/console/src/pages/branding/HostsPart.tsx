import { api, asApiError, keyed, take } from '@gonghui/api';
import {
  Badge,
  Bars,
  CopyField,
  dateTime,
  EmptyState,
  ErrorState,
  Section,
  type Tone,
  useAct,
  useLocale,
  useT,
} from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useId, useState } from 'react';
import { keys } from '../../data.ts';

const load = () => take(api.GET('/v1/hosts'));
type HostsNow = Awaited<ReturnType<typeof load>>;

const tones: Record<string, Tone> = { pending: 'note', live: 'good', lapsing: 'warn', ended: 'bad' };

/** The addresses of the union: a name before the platform's domain, and domains of its own. In force at once, without a draft. */
export function HostsPart() {
  const t = useT();
  const hosts = useQuery({ queryKey: keys.hosts, queryFn: load });
  if (hosts.error && !hosts.data) {
    return <ErrorState error={asApiError(hosts.error)} retry={() => void hosts.refetch()} />;
  }
  if (!hosts.data) return <Bars rows={4} height={48} />;
  return (
    <>
      <Slug hosts={hosts.data} key={hosts.data.slug?.name ?? ''} />
      <Domains hosts={hosts.data} />
      <p className="quiet design-note">{t('branding.hostsNow')}</p>
    </>
  );
}

function Slug({ hosts }: { hosts: HostsNow }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const { modal } = App.useApp();
  const now = hosts.slug?.name ?? '';
  const [name, setName] = useState(now);
  const set = useAct({
    run: (to: string) => take(api.PUT('/v1/hosts/slug', { body: { name: to } })),
    refresh: [keys.hosts],
    said: t('branding.slugSet'),
    quiet: true,
  });
  const save = (to: string) =>
    now
      ? modal.confirm({
          title: t('branding.slugAsk', { host: `${now}.${hosts.base}` }),
          content: t('branding.slugAskBody'),
          okText: t('act.save'),
          cancelText: t('act.cancel'),
          icon: null,
          onOk: () => set.mutate(to),
        })
      : set.mutate(to);
  return (
    <Section title={t('branding.slug')} about={t('branding.slugAbout', { host: hosts.codeHost })}>
      <form
        className="design-slug"
        onSubmit={(event) => {
          event.preventDefault();
          save(name.trim().toLowerCase());
        }}
      >
        <label htmlFor={id} className="unseen">
          {t('branding.slug')}
        </label>
        <Input
          id={id}
          value={name}
          maxLength={30}
          autoComplete="off"
          spellCheck={false}
          suffix={`.${hosts.base}`}
          aria-invalid={!!set.error}
          aria-describedby={set.error ? `${id}-fault` : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <Button htmlType="submit" type="primary" disabled={name.trim().toLowerCase() === now} loading={set.isPending}>
          {t('act.save')}
        </Button>
      </form>
      {set.error && (
        <p id={`${id}-fault`} className="design-fault" role="alert">
          {asApiError(set.error).text(locale)}
        </p>
      )}
      {hosts.retired.map((old) => (
        <p key={old.name} className="quiet num">
          {t('branding.slugRetired', { host: old.host, at: dateTime(old.endsAt) })}
        </p>
      ))}
    </Section>
  );
}

function Domains({ hosts }: { hosts: HostsNow }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const { modal } = App.useApp();
  const [name, setName] = useState('');
  const refresh = [keys.hosts];
  const add = useAct({
    run: (to: string, key) => take(api.POST('/v1/hosts/domains', { body: { name: to }, headers: keyed(key) })),
    refresh,
    quiet: true,
    done: () => setName(''),
  });
  const verify = useAct({
    run: (of: string) => take(api.POST('/v1/hosts/domains:verify', { body: { name: of } })),
    refresh,
    quiet: true,
  });
  const remove = useAct({
    run: (of: string) => take(api.POST('/v1/hosts/domains:remove', { body: { name: of } })),
    refresh,
    said: t('branding.domainRemoved'),
  });
  return (
    <Section title={t('branding.domains')} about={t('branding.domainsAbout')}>
      <form
        className="design-slug"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) add.mutate(name.trim());
        }}
      >
        <label htmlFor={id} className="unseen">
          {t('branding.domainNew')}
        </label>
        <Input
          id={id}
          value={name}
          maxLength={253}
          autoComplete="off"
          spellCheck={false}
          inputMode="url"
          placeholder="app.example.org.cn"
          aria-invalid={!!add.error}
          aria-describedby={add.error ? `${id}-fault` : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <Button htmlType="submit" disabled={!name.trim()} loading={add.isPending}>
          {t('branding.domainAdd')}
        </Button>
      </form>
      {add.error && (
        <p id={`${id}-fault`} className="design-fault" role="alert">
          {asApiError(add.error).text(locale)}
        </p>
      )}
      {hosts.domains.length === 0 && (
        <EmptyState title={t('branding.domainsNone')} why={t('branding.domainsNoneWhy')} />
      )}
      <ul className="design-domains">
        {hosts.domains.map((domain) => (
          <li key={domain.name}>
            <div className="design-domain-head">
              <span className="row-name">
                {domain.name}{' '}
                <Badge tone={tones[domain.state] ?? 'plain'}>{t(`branding.domain.${domain.state}`)}</Badge>
              </span>
              <span className="row-acts">
                <Button
                  aria-label={`${t('branding.domainVerify')} ${domain.name}`}
                  loading={verify.isPending && verify.variables === domain.name}
                  onClick={() => verify.mutate(domain.name)}
                >
                  {t('branding.domainVerify')}
                </Button>
                <Button
                  danger
                  aria-label={`${t('branding.domainRemove')} ${domain.name}`}
                  onClick={() =>
                    modal.confirm({
                      title: t('branding.domainRemoveAsk', { name: domain.name }),
                      content: t('branding.domainRemoveBody'),
                      okText: t('branding.domainRemove'),
                      cancelText: t('act.cancel'),
                      icon: null,
                      onOk: () => remove.mutateAsync(domain.name),
                    })
                  }
                >
                  {t('branding.domainRemove')}
                </Button>
              </span>
            </div>
            <p className="row-sub num">
              {[
                domain.verifiedAt &&
                  t(`branding.domainWay.${domain.way || 'dns'}`, { at: dateTime(domain.verifiedAt) }),
                domain.endsAt && t('branding.domainEnds', { at: dateTime(domain.endsAt) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {domain.problem && <p className="design-warning">{t(`branding.domainProblem.${domain.problem}`)}</p>}
            {verify.error && verify.variables === domain.name && (
              <p className="design-fault" role="alert">
                {asApiError(verify.error).text(locale)}
              </p>
            )}
            {domain.state !== 'live' && (
              <div className="design-proof">
                <p>{t('branding.proofDns')}</p>
                <CopyField value={domain.recordName} label={t('branding.recordName')} />
                <CopyField value={domain.recordValue} label={t('branding.recordValue')} />
                <p>{t('branding.proofFile', { url: domain.fileUrl })}</p>
                <p className="quiet">{t('branding.proofPoint', { host: hosts.codeHost })}</p>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
