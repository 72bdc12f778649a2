import { HistoryOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { api, asApiError, take } from '@gonghui/api';
import {
  Bars,
  CopyField,
  ErrorState,
  LeaveGuard,
  NoRight,
  PageHead,
  PageTabs,
  useCan,
  useLocale,
  useT,
} from '@gonghui/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { App, Button, Popover } from 'antd';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { keys } from '../../data.ts';
import { ColoursPart } from './ColoursPart.tsx';
import { HomePart } from './HomePart.tsx';
import { HostsPart } from './HostsPart.tsx';
import { LanguagesPart } from './LanguagesPart.tsx';
import { LegalPart } from './LegalPart.tsx';
import { LogoPart } from './LogoPart.tsx';
import { NamesPart } from './NamesPart.tsx';
import { Phone } from './Phone.tsx';
import { PublishDialog } from './PublishDialog.tsx';
import { type Branding, differing, ownOf } from './profile.ts';
import { StartFrom } from './StartFrom.tsx';
import { TabsPart } from './TabsPart.tsx';
import { useBranding, useDesign } from './useDesign.ts';
import { Versions } from './Versions.tsx';
import { WordingPart } from './WordingPart.tsx';

/** How the members' app looks: designed here, seen at once, published in one step. */
export function BrandingPage() {
  const t = useT();
  const may = useCan()('branding.write');
  return (
    <div className="page">
      <PageHead title={t('branding.title')} purpose={t('branding.purpose')} />
      {may ? <Opened /> : <NoRight what={t('branding.title')} capability="branding.write" />}
    </div>
  );
}

/** What is designed, sheet by sheet; the phone beside them shows all. */
const sheets = ['look', 'pages', 'words', 'legal', 'hosts'] as const;

function Opened() {
  const branding = useBranding();
  if (branding.error && !branding.data) {
    return <ErrorState error={branding.error} retry={() => void branding.refetch()} />;
  }
  return branding.data ? <Designer start={branding.data} /> : <Bars rows={8} height={48} />;
}

function Designer({ start }: { start: Branding }) {
  const t = useT();
  const locale = useLocale();
  const { modal, message } = App.useApp();
  const design = useDesign(start);
  const [params, setParams] = useSearchParams();
  const can = useCan();
  const open = sheets.filter((one) => one !== 'hosts' || can('branding.hosts'));
  const sheet = open.find((one) => one === params.get('part')) ?? 'look';
  const [publishing, setPublishing] = useState(false);
  const [versions, setVersions] = useState(false);
  const [suggested, setSuggested] = useState<string[]>([]);
  const link = useQuery({
    queryKey: [...keys.branding, 'link'],
    queryFn: () => take(api.POST('/v1/branding:preview', { body: {} })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const discard = useMutation({
    mutationFn: design.discard,
    onError: (thrown) => message.error(asApiError(thrown).text(locale), 6),
  });
  const changes = differing(design.profile, ownOf(design.branding.published)).length;
  const { undo, redo } = design;
  const drawn = {
    look: (
      <>
        <StartFrom design={design} />
        <NamesPart design={design} />
        <LogoPart design={design} token={link.data?.token ?? ''} suggest={setSuggested} />
        <ColoursPart design={design} suggested={suggested} />
      </>
    ),
    pages: (
      <>
        <TabsPart design={design} />
        {can('menu.read') && <HomePart design={design} />}
      </>
    ),
    words: (
      <>
        <WordingPart design={design} />
        <LanguagesPart design={design} />
      </>
    ),
    legal: <LegalPart design={design} />,
    hosts: <HostsPart />,
  };
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      // In a field the browser's own undo is what the person means.
      if (!(event.ctrlKey || event.metaKey) || target?.closest('input, textarea, [contenteditable]')) return;
      const back = event.key.toLowerCase() === 'z' && !event.shiftKey;
      const forth = event.key.toLowerCase() === 'y' || (event.key.toLowerCase() === 'z' && event.shiftKey);
      if (!back && !forth) return;
      event.preventDefault();
      (back ? undo : redo)?.();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [undo, redo]);
  return (
    <>
      <LeaveGuard dirty={design.dirty} />
      <div className="design-bar">
        <Button
          icon={<UndoOutlined aria-hidden />}
          aria-label={t('branding.undo')}
          title={t('branding.undo')}
          disabled={!undo}
          onClick={undo}
        />
        <Button
          icon={<RedoOutlined aria-hidden />}
          aria-label={t('branding.redo')}
          title={t('branding.redo')}
          disabled={!redo}
          onClick={redo}
        />
        <span className="quiet" role="status">
          {t(changes === 0 && design.saving === 'saved' ? 'branding.unchanged' : `branding.saving.${design.saving}`)}
          {design.fault && ` · ${design.fault.text}`}
        </span>
        <span className="design-bar-acts">
          {link.data && (
            <Popover
              trigger="click"
              placement="bottomRight"
              content={
                <div className="design-link">
                  <p>{t('branding.linkAbout')}</p>
                  <CopyField value={link.data.url} label={t('branding.link')} />
                </div>
              }
            >
              <Button>{t('branding.link')}</Button>
            </Popover>
          )}
          <Button icon={<HistoryOutlined aria-hidden />} onClick={() => setVersions(true)}>
            {t('branding.versions')}
          </Button>
          <Button
            disabled={design.branding.revision === 0}
            loading={discard.isPending}
            onClick={() =>
              modal.confirm({
                title: t('branding.discardAsk'),
                content: t('branding.discardHint'),
                okText: t('branding.discard'),
                cancelText: t('act.cancel'),
                icon: null,
                onOk: () => discard.mutate(),
              })
            }
          >
            {t('branding.discard')}
          </Button>
          <Button
            type="primary"
            disabled={changes === 0 || design.saving === 'failed'}
            onClick={async () => {
              if (await design.save()) setPublishing(true);
            }}
          >
            {t('branding.publish')}
          </Button>
        </span>
      </div>
      <div className="design">
        <PageTabs
          label={t('branding.title')}
          active={sheet}
          go={(key) => setParams(key === 'look' ? {} : { part: key }, { replace: true })}
          items={open.map((key) => ({ key, label: t(`branding.sheet.${key}`), children: drawn[key] }))}
        />
        <Phone token={link.data?.token ?? ''} version={`${design.branding.revision}.${design.branding.version}`} />
      </div>
      <PublishDialog design={design} open={publishing} close={() => setPublishing(false)} />
      <Versions design={design} open={versions} close={() => setVersions(false)} />
    </>
  );
}
