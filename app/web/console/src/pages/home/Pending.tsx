import { RightOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { count, Section, useCan, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { useOpenRequests } from '../requests/useOpenRequests.ts';

/** Imports that are looked through for one that waits. */
const NEWEST = 20;

interface Item {
  key: string;
  to: string;
  name: string;
  hint: string;
  n?: number;
}

/** What waits for this person: requests to decide, imports to go on with. Nothing waiting, nothing shown. */
export function Pending() {
  const t = useT();
  const can = useCan();
  const open = useOpenRequests(can('member.write'));
  const waiting = useQuery({
    queryKey: [...keys.imports, 'waiting'],
    enabled: can('member.import'),
    queryFn: async () => {
      const { imports } = await take(api.GET('/v1/imports', { params: { query: { pageSize: NEWEST } } }));
      return imports.filter((one) => one.state === 'ready' || one.state === 'mapping');
    },
    retry: false,
  });
  const items: Item[] = (waiting.data ?? []).map((one) => ({
    key: one.id,
    to: `/imports/${one.id}`,
    name: t(one.state === 'ready' ? 'pending.imports' : 'pending.importsMap'),
    hint: t(one.state === 'ready' ? 'pending.importsHint' : 'pending.importsMapHint', { name: one.fileName }),
  }));
  if (open > 0) {
    items.unshift({
      key: 'requests',
      to: '/requests',
      name: t('pending.requests'),
      hint: t('pending.requestsHint'),
      n: open,
    });
  }
  if (items.length === 0) return null;
  return (
    <Section title={t('pending.title')}>
      <ul className="steps">
        {items.map((item) => (
          <li key={item.key}>
            <Link to={item.to} className="step">
              <span className="step-text">
                <span className="step-name">{item.name}</span>
                <span className="step-hint">{item.hint}</span>
              </span>
              {item.n !== undefined && <span className="step-count num">{t('pending.n', { n: count(item.n) })}</span>}
              <RightOutlined className="step-go" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
