interface Props {
  /** Oldest first. */
  values: number[];
  /** What the line shows, for those who do not see it. */
  label: string;
  width?: number;
  height?: number;
}

/** The course of a figure as a small line: no axes, the last value marked. A flat course is a flat line in the middle. */
export function Sparkline({ values, label, width = 96, height = 28 }: Props) {
  if (values.length < 2) return <span style={{ display: 'inline-block', width, height }} />;
  const pad = 3;
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const x = (i: number) => pad + (i / (values.length - 1)) * (width - 2 * pad);
  const y = (v: number) => (span === 0 ? height / 2 : height - pad - ((v - low) / span) * (height - 2 * pad));
  const line = values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(' ');
  const last = values.length - 1;
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className="spark"
    >
      <polyline points={line} fill="none" stroke="var(--text-3)" strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={x(last)} cy={y(values[last] ?? low)} r="2.5" fill="var(--accent-text)" />
    </svg>
  );
}
