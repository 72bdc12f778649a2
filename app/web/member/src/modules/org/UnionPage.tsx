import type { Schemas } from '@gonghui/api';
import { useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { AsOf } from '../../parts/AsOf.tsx';
import { type Fact, Facts } from '../../parts/Facts.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { SubPage } from '../../parts/SubPage.tsx';
import { profileQuery, unionQuery } from '../../queries.ts';
import { Line } from './Line.tsx';

/** The own union: how to reach it, what it is, and those above it. */
export default function UnionPage() {
  const t = useT();
  const union = useQuery(unionQuery());
  const profile = useQuery(profileQuery());
  return (
    <SubPage title={t('member.union.title')} purpose={t('member.union.purpose')} back="/">
      <h2 className="section-title">{t('member.union.contact')}</h2>
      {profile.data ? (
        <Contact profile={profile.data} />
      ) : profile.error ? (
        <Failed error={profile.error} retry={() => void profile.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
      {union.data ? (
        <section className="panel">
          <Line union={union.data} />
        </section>
      ) : union.error ? (
        <Failed error={union.error} retry={() => void union.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
      {union.data && <AsOf query={union} />}
    </SubPage>
  );
}

function Contact({ profile }: { profile: Schemas['Profile'] }) {
  const t = useT();
  const { phone, address, postcode, about } = profile;
  const facts: Fact[] = [];
  if (phone) {
    const dial = phone.replace(/[^\d+]/g, '');
    const link = (
      <a className="call num" href={`tel:${dial}`} aria-label={t('member.call', { phone })}>
        {phone}
      </a>
    );
    facts.push({ label: t('member.union.phone'), value: link });
  }
  if (address) facts.push({ label: t('member.union.address'), value: address });
  if (postcode) facts.push({ label: t('member.union.postcode'), value: postcode });
  if (about) facts.push({ label: t('member.union.about'), value: about });
  if (facts.length === 0) return <p className="panel">{t('member.union.noContact')}</p>;
  return <Facts facts={facts} />;
}
