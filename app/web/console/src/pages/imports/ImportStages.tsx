import { useT } from '@gonghui/ui';
import { Stages } from '../../Stages.tsx';

const stages = ['file', 'columns', 'check', 'done'] as const;

interface Props {
  /** From 0. */
  at: number;
  back?: Partial<Record<number, string>>;
}

/** Where an import stands. */
export function ImportStages(props: Props) {
  const t = useT();
  return <Stages label={t('imports.stages')} names={stages.map((stage) => t(`imports.stage.${stage}`))} {...props} />;
}
