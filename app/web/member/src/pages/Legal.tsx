import { useT } from '@gonghui/ui/base';
import type { LegalKind } from '../legal.ts';
import LegalText from '../parts/LegalText.tsx';
import { SubPage } from '../parts/SubPage.tsx';

/** A legal text at an address of its own. */
export default function Legal({ kind, back }: { kind: LegalKind; back: string }) {
  const t = useT();
  return (
    <SubPage title={t(`member.legal.${kind}`)} back={back}>
      <LegalText kind={kind} />
    </SubPage>
  );
}
