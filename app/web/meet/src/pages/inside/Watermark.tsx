import { put } from '@gonghui/ui/mark';
import { useLayoutEffect, useRef } from 'react';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';

/** The own name over everything that is shown, where the meeting asks for it. */
export default function Watermark() {
  const { mark } = useSnapshot(useRoom()).state.inside;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const stage = box.current?.parentElement;
    return mark && stage ? put(stage, mark) : undefined;
  }, [mark]);
  return <div ref={box} hidden />;
}
