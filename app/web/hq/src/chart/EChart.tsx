import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef } from 'react';
import { init } from './core';

interface Props {
  option: EChartsCoreOption;
  /** CSS pixels. */
  height: number;
  /** What the picture shows, in a sentence, for those who do not see it. */
  label: string;
  /** The index of the datum that was clicked. */
  onPick?: ((index: number) => void) | undefined;
}

/** One echarts picture that takes new options without starting over. */
export default function EChart({ option, height, label, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = init(element, null, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (event) => pick.current?.(event.dataIndex ?? -1));
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    chart.current?.setOption(still ? { ...option, animation: false } : option);
  }, [option]);

  useEffect(() => {
    if (height > 0) chart.current?.resize();
  }, [height]);

  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
