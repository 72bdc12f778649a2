import { useT } from '@gonghui/ui/base';
import { Copy } from './Copy.tsx';
import { Steps } from './Steps.tsx';

interface Props {
  /** The app that shows the page. */
  app: string;
  /** On a computer there is no such menu. */
  computer: boolean;
  url: string;
}

/** Other apps keep downloads to themselves: how to get out of them, in words. */
export function Inside({ app, computer, url }: Props) {
  const t = useT();
  const title = t('member.get.inside.title');
  return (
    <section className="panel stack warned" aria-label={title}>
      <h2 className="state-title">{title}</h2>
      <p>{t('member.get.inside.why', { app: t(`member.get.inside.${app}`) })}</p>
      {!computer && <Steps label={title}>{[t('member.get.inside.menu'), t('member.get.inside.open')]}</Steps>}
      <p className="small">{t(computer ? 'member.get.inside.computer' : 'member.get.inside.copy')}</p>
      <Copy url={url} />
    </section>
  );
}
