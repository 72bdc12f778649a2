import { api, take } from '@gonghui/api';
import { addTexts, useT } from '@gonghui/ui/base';
import { securityTexts } from '@gonghui/ui/security-texts';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { securityQuery } from '../queries.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Failed } from './Failed.tsx';
import { askOwn, Proof, type Way } from './Proof.tsx';

addTexts(securityTexts);

/** Asks the person to prove who they are; the act that wanted it goes on then. Esc gives the act up. */
export default function StepUpDialog({ end }: { end: (proved: boolean) => void }) {
  const t = useT();
  const id = useId();
  const security = useQuery(securityQuery);
  return (
    <Dialog labelledBy={id} close={() => end(false)}>
      <h2 id={id}>{t('security.stepUp.title')}</h2>
      <p>{t('security.stepUp.about')}</p>
      {security.data ? (
        <Proof
          ways={security.data.ways as Way[]}
          ask={askOwn}
          prove={async (proof) => {
            await take(api.POST('/v1/own/security:prove', { body: proof }));
            end(true);
          }}
        />
      ) : security.error ? (
        <Failed error={security.error} retry={() => void security.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
      <Button onClick={() => end(false)}>{t('act.cancel')}</Button>
    </Dialog>
  );
}
