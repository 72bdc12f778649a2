import { Icon } from './icons.tsx';

export const RoomsIcon = () => (
  <Icon>
    <rect x="3.5" y="4" width="7" height="7" rx="1.5" />
    <rect x="13.5" y="4" width="7" height="7" rx="1.5" />
    <rect x="8.5" y="14" width="7" height="7" rx="1.5" />
  </Icon>
);

export const VenueIcon = () => (
  <Icon>
    <path d="M4 20V9l8-5 8 5v11M3 20h18M9 20v-6h6v6" />
  </Icon>
);

export const CaptionIcon = () => (
  <Icon>
    <rect x="3" y="5" width="18" height="14" rx="2" />
    <path d="M6.5 12h5M14 12h3.5M6.5 15.5h3M12 15.5h5.5" />
  </Icon>
);
