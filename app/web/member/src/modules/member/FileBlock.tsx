import { useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Block, RowLink } from '../../parts/Block.tsx';
import { fileQuery } from '../../queries.ts';
import type { BlockProps } from '../part.ts';

/** The own file in one line, and what became of wishes to change it. */
export default function FileBlock({ title }: BlockProps) {
  const t = useT();
  const { data } = useQuery(fileQuery());
  return (
    <Block title={title}>
      <RowLink to="/file" small={data ? t(`member.card.state.${data.state}`) : ''}>
        {t('member.file.title')}
      </RowLink>
      <RowLink to="/file/requests" small={t('member.blocks.requests')}>
        {t('member.request.title')}
      </RowLink>
    </Block>
  );
}
