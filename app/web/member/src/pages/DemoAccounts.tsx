import { ApiError } from '@gonghui/api';
import { pick, useLocale, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Refusal } from '../parts/Refusal.tsx';
import type { Entry } from '../parts/useEntry.tsx';
import { usePassword } from '../parts/usePassword.ts';

interface DemoAccount {
  label_zh: string;
  label_en: string;
  phone: string;
  password: string;
  host: string;
  /** Where the account is at home: this app is "/". */
  path: string;
}

/** Published accounts of a demo system. The route lies outside the proto API: it exists on demo systems only. */
async function demoAccounts(): Promise<DemoAccount[]> {
  const response = await fetch('/v1/demo/accounts', { headers: { 'X-Requested-With': 'gonghui' } });
  if (!response.ok) throw await ApiError.read(response);
  return ((await response.json()) as { accounts: DemoAccount[] }).accounts;
}

/** The accounts of this host, one tap each. */
export default function DemoAccounts({ come }: Pick<Entry, 'come'>) {
  const t = useT();
  const locale = useLocale();
  const sign = usePassword(come);
  const { data } = useQuery({
    queryKey: ['demo-accounts'],
    queryFn: demoAccounts,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const here = data?.filter((one) => one.host === window.location.host && one.path === '/') ?? [];
  return (
    <>
      {here.length > 0 && (
        <section className="stack" aria-labelledby="demo-title">
          <h2 id="demo-title" className="section-title">
            {t('signIn.demo')}
          </h2>
          <div className="panel rows">
            {here.map((one) => (
              <button
                key={one.phone}
                type="button"
                className="row"
                disabled={sign.isPending}
                onClick={() => sign.mutate({ phone: one.phone, password: one.password })}
              >
                {pick(locale, one.label_zh, one.label_en)}
              </button>
            ))}
          </div>
        </section>
      )}
      <Refusal error={sign.error} />
      <p className="small">{t('member.me.demo')}</p>
    </>
  );
}
