import { useT } from '@gonghui/ui/base';
import { Button } from '../parts/Button.tsx';
import { say } from '../parts/Notice.tsx';

/** The address of this page, to be pasted into another browser. */
export function Copy({ url }: { url: string }) {
  const t = useT();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      say(t('member.get.copied'));
    } catch {
      say(t('member.get.copyHand', { url }));
    }
  };
  return (
    <>
      <p className="get-url num">{url}</p>
      <Button onClick={() => void copy()}>{t('member.get.copy')}</Button>
    </>
  );
}
