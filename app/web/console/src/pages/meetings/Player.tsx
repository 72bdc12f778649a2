import { ErrorState, PageSkeleton, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import './recordings.css';
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
      {recording && <Film recording={recording} />}
    </Modal>
  );
}

function Film({ recording }: { recording: Recording }) {
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
  const marks = Array.from({ length: 12 }, (_, n) => `m${n}`);
  return (
    <div className="film">
      {/* biome-ignore lint/a11y/useMediaCaption: what is said in a meeting is in its minutes; nobody has written it down in time */}
      <video
        src={data.url}
        controls
        controlsList="nodownload noremoteplayback nofullscreen"
        disablePictureInPicture
        preload="metadata"
        aria-label={t('recordings.playOf', { title: recording.meetingTitle })}
        onContextMenu={(event) => event.preventDefault()}
      />
      <div className="film-marks" aria-hidden="true">
        {marks.map((key) => (
          <span key={key}>{data.watermark}</span>
        ))}
      </div>
    </div>
  );
}
