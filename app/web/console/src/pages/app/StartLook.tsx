import { api, asApiError, take } from '@gonghui/api';
import { LeaveGuard, useLocale, useT } from '@gonghui/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';
import { ColoursPart } from '../branding/ColoursPart.tsx';
import { LogoPart } from '../branding/LogoPart.tsx';
import { NamesPart } from '../branding/NamesPart.tsx';
import { Phone } from '../branding/Phone.tsx';
import { type Branding, differing, ownOf } from '../branding/profile.ts';
import { StartFrom } from '../branding/StartFrom.tsx';
import { useDesign } from '../branding/useDesign.ts';

interface Props {
  start: Branding;
  step: 'logo' | 'colours';
  back?: () => void;
  next: () => void;
}

/** How the app looks, seen at once in a phone; the second step publishes it. */
export function StartLook({ start, step, back, next }: Props) {
  const t = useT();
  const locale = useLocale();
  const { message } = App.useApp();
  const design = useDesign(start);
  const [suggested, setSuggested] = useState<string[]>([]);
  const link = useQuery({
    queryKey: [...keys.branding, 'link'],
    queryFn: () => take(api.POST('/v1/branding:preview', { body: {} })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const changes = differing(design.profile, ownOf(design.branding.published)).length;
  const publishes = step === 'colours' && changes > 0;
  const on = useMutation({
    mutationFn: async () => {
      if (publishes) await design.publish(t('ownApp.start.note'));
      else if (!(await design.save())) throw new Error(t('branding.notSaved'));
    },
    onSuccess: next,
    onError: (thrown) => message.error(asApiError(thrown).text(locale), 6),
  });
  const token = link.data?.token ?? '';
  return (
    <>
      <LeaveGuard dirty={design.dirty} />
      <div className="design">
        <div>
          {step === 'logo' ? (
            <>
              <NamesPart design={design} />
              <LogoPart design={design} token={token} suggest={setSuggested} />
            </>
          ) : (
            <>
              <StartFrom design={design} />
              <ColoursPart design={design} suggested={suggested} />
            </>
          )}
          <div className="start-acts">
            {back && <Button onClick={back}>{t('ownApp.start.before')}</Button>}
            <Button
              type="primary"
              loading={on.isPending}
              disabled={design.saving === 'failed'}
              onClick={() => on.mutate()}
            >
              {t(publishes ? 'ownApp.start.publishLook' : 'ownApp.start.next')}
            </Button>
            <span className="quiet" role="status">
              {t(
                changes === 0 && design.saving === 'saved' ? 'branding.unchanged' : `branding.saving.${design.saving}`,
              )}
            </span>
          </div>
        </div>
        <Phone token={token} version={`${design.branding.revision}.${design.branding.version}`} />
      </div>
    </>
  );
}
