import { useT } from '@gonghui/ui/base';
import { useInstalling } from '../installing.ts';
import { Install } from './Install.tsx';
import { Steps } from './Steps.tsx';

/** HarmonyOS takes no Android packages from version 5 on: the browser puts the app on the home screen. */
export function Harmony({ older }: { older: boolean }) {
  const t = useT();
  const { can, installed } = useInstalling();
  return (
    <section className="panel stack">
      {can || installed ? (
        <Install primary />
      ) : (
        <Steps label={t('member.get.pwa.act')}>
          {(['menu', 'add', 'open'] as const).map((step) => t(`member.get.harmonySteps.${step}`))}
        </Steps>
      )}
      {older && <p className="small">{t('member.get.harmonyOld')}</p>}
    </section>
  );
}
