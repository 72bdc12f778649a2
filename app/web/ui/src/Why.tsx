import { api, asApiError, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useT } from './base/i18n.ts';
import { Explained } from './Explained.tsx';
import { Bars } from './PageSkeleton.tsx';
import { ErrorState } from './states.tsx';

interface Props {
  /** The right that is missing. */
  capability: string;
  /** What it is called, where that is known. */
  what?: string;
  /** The body asked about; the own one without. */
  bodyCode?: string;
  /** As a link in a line of text. */
  inline?: boolean;
}

/** "Why?" beside a refusal: what decides, and who could give the right. */
export function Why({ capability, what, bodyCode = '', inline }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type={inline ? 'link' : 'default'} size={inline ? 'small' : undefined} onClick={() => setOpen(true)}>
        {t('explain.why')}
      </Button>
      <Modal
        open={open}
        title={t('explain.why')}
        footer={null}
        destroyOnHidden
        onCancel={() => setOpen(false)}
        closable={{ 'aria-label': t('act.close') }}
      >
        {open && <WhyAnswer capability={capability} what={what} bodyCode={bodyCode} />}
      </Modal>
    </>
  );
}

/** The answer alone, for where a refusal is being told already. */
export function WhyAnswer({ capability, what, bodyCode = '' }: Omit<Props, 'inline'>) {
  const t = useT();
  const answer = useQuery({
    queryKey: ['explain', 'own', capability, bodyCode],
    queryFn: () => take(api.GET('/v1/access/explain:own', { params: { query: { capability, bodyCode } } })),
    staleTime: 0,
  });
  if (answer.error) return <ErrorState error={asApiError(answer.error)} retry={() => void answer.refetch()} plain />;
  if (!answer.data) return <Bars rows={4} height={24} />;
  return <Explained answer={answer.data} act={what || t('explain.act', { name: capability })} />;
}
