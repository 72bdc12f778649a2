import { Bars, ErrorState, NoRight, PageHead, useCan, useT } from '@gonghui/ui';
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { Stages } from '../../Stages.tsx';
import { useBranding } from '../branding/useDesign.ts';
import { useApp } from './app.ts';
import { StartBuild } from './StartBuild.tsx';
import { StartDone } from './StartDone.tsx';
import { StartLook } from './StartLook.tsx';
import { StartPublish } from './StartPublish.tsx';

const steps = ['logo', 'colours', 'build', 'publish', 'done'] as const;
type Step = (typeof steps)[number];

/** From a logo to an app on people's phones, for who has never done it: one thing at a time, each can be gone back to. */
export function StartPage() {
  const t = useT();
  const can = useCan();
  const [search, setSearch] = useSearchParams();
  const designs = can('branding.write');
  const first: Step = designs ? 'logo' : 'build';
  const step = steps.find((one) => one === search.get('step')) ?? first;
  const go = (to: Step) => setSearch({ step: to });
  const app = useApp(can('builder.write'));

  // A new step is read from its top, by eye and by ear.
  const top = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    window.scrollTo({ top: 0 });
    top.current?.focus({ preventScroll: true });
  }, [step]);

  if (!can('builder.write')) return <NoRight page what={t('ownApp.title')} capability="builder.write" />;
  const shown = steps.filter((one) => designs || (one !== 'logo' && one !== 'colours'));
  const at = shown.indexOf(step);
  return (
    <div className="page">
      <PageHead title={t('ownApp.start.title')} purpose={t(`ownApp.start.purpose.${step}`)} />
      <Stages
        label={t('ownApp.start.stages')}
        names={shown.map((one) => t(`ownApp.start.step.${one}`))}
        at={at}
        back={Object.fromEntries(shown.slice(0, at).map((one, i) => [i, { search: `?step=${one}` }]))}
      />
      <div ref={top} tabIndex={-1} className="step-body">
        {step === 'logo' || step === 'colours' ? (
          <Look step={step} go={go} />
        ) : app.error && !app.data ? (
          <ErrorState error={app.error} retry={() => void app.refetch()} />
        ) : !app.data ? (
          <Bars rows={6} height={48} />
        ) : step === 'build' ? (
          <StartBuild app={app.data} next={() => go('publish')} />
        ) : step === 'publish' ? (
          <StartPublish app={app.data} back={() => go('build')} next={() => go('done')} />
        ) : (
          <StartDone app={app.data} />
        )}
      </div>
    </div>
  );
}

/** The first two steps are parts of the designer: what is done there is found again in it. */
function Look({ step, go }: { step: 'logo' | 'colours'; go: (to: Step) => void }) {
  const branding = useBranding();
  if (branding.error && !branding.data) {
    return <ErrorState error={branding.error} retry={() => void branding.refetch()} />;
  }
  if (!branding.data) return <Bars rows={8} height={48} />;
  return (
    <StartLook
      start={branding.data}
      step={step}
      back={step === 'colours' ? () => go('logo') : undefined}
      next={() => go(step === 'logo' ? 'colours' : 'build')}
    />
  );
}
