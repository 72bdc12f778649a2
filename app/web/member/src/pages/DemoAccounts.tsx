import { ApiError } from '@gonghui/api';
import { pick, useLocale, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';

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

interface Props {
  busy: boolean;
  signIn: (phone: string, password: string) => void;
}

/** The accounts of this host, one tap each. */
export default function DemoAccounts({ busy, signIn }: Props) {
  const t = useT();
  const locale = useLocale();
  const { data } = useQuery({
    queryKey: ['demo-accounts'],
    queryFn: demoAccounts,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const here = data?.filter((one) => one.host === window.location.host && one.path === '/') ?? [];
  if (here.length === 0) return null;
  return (
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
            disabled={busy}
            onClick={() => signIn(one.phone, one.password)}
          >
            {pick(locale, one.label_zh, one.label_en)}
          </button>
        ))}
      </div>
    </section>
  );
}
