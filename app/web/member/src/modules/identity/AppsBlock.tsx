import { api, take } from '@gonghui/api';
import { useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Block, RowLink } from '../../parts/Block.tsx';
import type { BlockProps } from '../part.ts';

/** How many names stand in the row. */
const FEW = 3;

/** The applications that the person allowed something. */
export default function AppsBlock({ title }: BlockProps) {
  const t = useT();
  const apps = useQuery({ queryKey: ['apps', 'some'], queryFn: () => take(api.GET('/v1/own/apps')) });
  const names = apps.data?.apps.slice(0, FEW).map((app) => app.name) ?? [];
  return (
    <Block title={title}>
      <RowLink to="/me/apps" small={names.length > 0 ? names.join(' · ') : apps.data ? t('member.blocks.noApps') : ''}>
        {t('member.apps.title')}
      </RowLink>
    </Block>
  );
}
