import { useT } from '@gonghui/ui/base';
import { lazy, type MouseEvent, Suspense, useState } from 'react';
import { createPortal } from 'react-dom';
import { type LegalKind, legalKinds } from '../legal.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

const LegalText = lazy(() => import('./LegalText.tsx'));

/** The words of agreement with links to both texts. They open over the page, so that nothing entered is lost. */
export function LegalLinks() {
  const t = useT();
  const [open, setOpen] = useState<LegalKind | null>(null);
  const read = (event: MouseEvent, kind: LegalKind) => {
    event.preventDefault();
    setOpen(kind);
  };
  const [privacy, terms] = legalKinds.map((kind) => (
    <a key={kind} href={`/legal/${kind}`} onClick={(event) => read(event, kind)}>
      {t(`member.legal.${kind}`)}
    </a>
  ));
  return (
    <>
      {t('member.consent.before')}
      {privacy}
      {t('member.consent.and')}
      {terms}
      {t('member.consent.after')}
      {/* Outside the words: these may be a label, which would take a press on the sheet for its own. */}
      {open && createPortal(<LegalSheet kind={open} close={() => setOpen(null)} />, document.body)}
    </>
  );
}

function LegalSheet({ kind, close }: { kind: LegalKind; close: () => void }) {
  const t = useT();
  return (
    <Dialog className="ask sheet" label={t(`member.legal.${kind}`)} close={close}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keyboard */}
      <div className="sheet-text" tabIndex={0}>
        <Suspense fallback={<span className="grey union-grey" />}>
          <LegalText kind={kind} />
        </Suspense>
      </div>
      <Button onClick={close}>{t('act.close')}</Button>
    </Dialog>
  );
}
