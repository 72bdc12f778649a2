import { Skeleton } from 'antd';
import { type ComponentProps, lazy, Suspense } from 'react';

const EChart = lazy(() => import('./EChart'));

/** A chart whose library is loaded when the first one is shown; until then its place is kept. */
export function Chart(props: ComponentProps<typeof EChart>) {
  return (
    <Suspense
      fallback={
        <Skeleton.Node active style={{ width: '100%', height: props.height }}>
          <span />
        </Skeleton.Node>
      }
    >
      <EChart {...props} />
    </Suspense>
  );
}
