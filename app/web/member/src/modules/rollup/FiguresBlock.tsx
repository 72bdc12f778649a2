import { api, take } from '@gonghui/api';
import { count, pick, useLocale, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Block } from '../../parts/Block.tsx';
import { useMe } from '../../session.ts';
import type { BlockProps } from '../part.ts';

/** The figures of the body that the person may see there. */
export default function FiguresBlock({ title }: BlockProps) {
  const t = useT();
  const locale = useLocale();
  const { place } = useMe();
  const figures = useQuery({
    queryKey: ['figures', place.bodyCode],
    queryFn: async () => {
      const code = place.bodyCode;
      const [{ metrics }, now] = await Promise.all([
        take(api.GET('/v1/metrics')),
        take(api.GET('/v1/figures/{code}', { params: { path: { code } } })),
      ]);
      return now.figures.flatMap((figure) => {
        const metric = metrics.find((one) => one.name === figure.metric);
        return metric ? [{ ...metric, value: figure.subtree }] : [];
      });
    },
  });
  return (
    <Block title={title}>
      {figures.data ? (
        figures.data.map(({ name, titleZh, titleEn, value, unitZh, unitEn }) => (
          <div key={name} className="row-plain figure-row">
            <span>{pick(locale, titleZh, titleEn)}</span>
            <span className="num">
              {t('member.blocks.figure', { n: count(value), unit: pick(locale, unitZh, unitEn) })}
            </span>
          </div>
        ))
      ) : (
        <span className="grey union-grey" />
      )}
    </Block>
  );
}
