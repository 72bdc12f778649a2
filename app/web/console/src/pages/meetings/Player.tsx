import { ErrorState, PageSkeleton, useT } from '@gonghui/ui';
import { Film } from '@gonghui/ui/film';
import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import { address, type Recording, recordingKeys } from './recordings.ts';

/** Plays a recording, with who plays it over the picture. */
export function Player({ recording, close }: { recording: Recording | null; close: () => void }) {
  return (
    <Modal
      open={recording !== null}
      onCancel={close}
      footer={null}
      width="min(1080px, 94vw)"
      destroyOnHidden
      title={recording?.meetingTitle}
    >
      {recording && <Played recording={recording} />}
    </Modal>
  );
}

function Played({ recording }: { recording: Recording }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: [...recordingKeys.list, 'address', recording.id],
    queryFn: () => address(recording.id, false),
    // Each address is one playing that is recorded: none is asked for that nobody plays.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Film
      url={data.url}
      mark={data.watermark}
      label={t('recordings.playOf', { title: recording.meetingTitle })}
      words={{ fill: t('recordings.fill'), failed: t('recordings.playFailed') }}
    />
  );
}
