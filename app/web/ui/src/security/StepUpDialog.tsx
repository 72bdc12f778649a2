import { api, take } from '@gonghui/api';
import { Modal } from 'antd';
import { useT } from '../base/i18n.ts';
import { Bars } from '../PageSkeleton.tsx';
import { ProofForm, type Way } from '../signIn/ProofForm.tsx';
import { ErrorState } from '../states.tsx';
import { useSecurity } from './queries.ts';

/** Asks the person at the screen to prove who they are; the act that wanted it goes on then. */
export default function StepUpDialog({ end }: { end: (proved: boolean) => void }) {
  const t = useT();
  const security = useSecurity();
  return (
    <Modal
      open
      title={t('security.stepUp.title')}
      footer={null}
      width={400}
      zIndex={2000}
      closable={{ 'aria-label': t('act.close') }}
      onCancel={() => end(false)}
    >
      <p className="form-about">{t('security.stepUp.about')}</p>
      {security.data ? (
        <ProofForm
          ways={security.data.ways as Way[]}
          ask={() => take(api.POST('/v1/own/passkeys:ask', { body: {} }))}
          prove={async (proof) => {
            await take(api.POST('/v1/own/security:prove', { body: proof }));
            end(true);
          }}
        />
      ) : security.error ? (
        <ErrorState error={security.error} retry={() => void security.refetch()} />
      ) : (
        <Bars rows={2} height={40} />
      )}
    </Modal>
  );
}
