import { useTheme } from './theme.ts';

/** The body's logo, or the product's own mark in the body's colour. */
export function Mark({ size = 28 }: { size?: number }) {
  const { logo } = useTheme();
  if (logo) {
    return (
      <img
        src={logo}
        alt=""
        width={size}
        height={size}
        style={{ objectFit: 'contain', borderRadius: 4, flex: 'none' }}
      />
    );
  }
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none' }}>
      <circle cx="16" cy="16" r="15" fill="var(--accent-solid)" />
      <path d="M9 10h14M16 10v12M8 22h16" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" fill="none" />
    </svg>
  );
}
