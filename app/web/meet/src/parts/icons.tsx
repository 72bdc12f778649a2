import type { ReactNode } from 'react';

export function Icon({ children, fill = false }: { children: ReactNode; fill?: boolean }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill={fill ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const slash = <path d="M4 4l16 16" />;

export const MicIcon = ({ off = false }: { off?: boolean }) => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M9 21h6" />
    {off && slash}
  </Icon>
);

export const CameraIcon = ({ off = false }: { off?: boolean }) => (
  <Icon>
    <rect x="3" y="6.5" width="12" height="11" rx="2" />
    <path d="m15 11 6-3.5v9L15 13" />
    {off && slash}
  </Icon>
);

export const ScreenIcon = ({ off = false }: { off?: boolean }) => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12" rx="2" />
    <path d="M9 20h6M12 13.5v-6M9.5 10 12 7.5 14.5 10" />
    {off && slash}
  </Icon>
);

export const HandIcon = () => (
  <Icon>
    <path d="M7.5 12.5V6.2a1.4 1.4 0 0 1 2.8 0V11V4.4a1.4 1.4 0 0 1 2.8 0V11V5.4a1.4 1.4 0 0 1 2.8 0V12V8.4a1.4 1.4 0 0 1 2.8 0v6.1c0 3.6-2.6 6-6 6-2.6 0-4-1-5.4-3.2L4.6 13.6c-.9-1.6 1.2-2.8 2.3-1.5l.6.7" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.5c.8-3.5 3.2-5.3 6.5-5.3s5.7 1.8 6.5 5.3M16 5.4a3.4 3.4 0 0 1 0 6.3M18.4 14.8c1.7.8 2.7 2.4 3.1 4.7" />
  </Icon>
);

export const ChatIcon = () => (
  <Icon>
    <path d="M4 5h16v11.5H11L6.5 20v-3.5H4zM8 9.5h8M8 12.8h5" />
  </Icon>
);

export const VoteIcon = () => (
  <Icon>
    <path d="M4 13h3M17 13h3v6.5H4V13M8 15.5h8M8.5 4.5h7V13h-7zM10.3 8.6l1.4 1.5 2.2-2.8" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon fill>
    <circle cx="5.5" cy="12" r="1" />
    <circle cx="12" cy="12" r="1" />
    <circle cx="18.5" cy="12" r="1" />
  </Icon>
);

export const LeaveIcon = () => (
  <Icon>
    <path d="M10 4H5.5v16H10M10 12h10M16.5 8.5 20 12l-3.5 3.5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);

export const PinIcon = () => (
  <Icon>
    <path d="M9 4h6l-.8 6 3.3 3.5H6.5L9.8 10zM12 13.5V20" />
  </Icon>
);

export const StarIcon = () => (
  <Icon fill>
    <path d="m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <rect x="5" y="10.5" width="14" height="9.5" rx="2" />
    <path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" />
  </Icon>
);

export const LayoutIcon = ({ of }: { of: 'grid' | 'speaker' | 'sidebar' }) => (
  <Icon>
    <rect x="3.5" y="4.5" width="17" height="15" rx="2" />
    {of === 'grid' && <path d="M12 4.5v15M3.5 12h17" />}
    {of === 'speaker' && <path d="M3.5 9.5h17M9 4.5v5M15 4.5v5" />}
    {of === 'sidebar' && <path d="M15 4.5v15M15 9.5h5.5M15 14.5h5.5" />}
  </Icon>
);

export const FullIcon = ({ on }: { on: boolean }) => (
  <Icon>
    {on ? <path d="M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5" /> : <path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />}
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
    <path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2" />
  </Icon>
);

export const ArrowIcon = ({ to }: { to: 'left' | 'right' }) => (
  <Icon>{to === 'left' ? <path d="m14.5 5.5-6.5 6.5 6.5 6.5" /> : <path d="m9.5 5.5 6.5 6.5-6.5 6.5" />}</Icon>
);

export const SpeakerIcon = () => (
  <Icon>
    <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />
  </Icon>
);

export const KeysIcon = () => (
  <Icon>
    <rect x="2.5" y="6.5" width="19" height="11" rx="2" />
    <path d="M6 10h.01M9 10h.01M12 10h.01M15 10h.01M18 10h.01M8 14h8" />
  </Icon>
);

export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </Icon>
);

/** How good the network is, as bars. */
export const BarsIcon = ({ bars }: { bars: 1 | 2 | 3 | 4 }) => (
  <svg className={`icon bars bars-${bars}`} viewBox="0 0 24 24" aria-hidden="true">
    {[1, 2, 3, 4].map((n) => (
      <rect
        key={n}
        x={1 + n * 4.4}
        y={20 - n * 4}
        width="3"
        height={n * 4}
        rx="1"
        fill="currentColor"
        opacity={n <= bars ? 1 : 0.25}
      />
    ))}
  </svg>
);
