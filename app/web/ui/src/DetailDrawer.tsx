import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useT } from './base/i18n.ts';
import { Bars } from './PageSkeleton.tsx';
import { ErrorState } from './states.tsx';
import { useFocusBack } from './useFocusBack.ts';
import { useWide } from './useWide.ts';

interface Props {
  open: boolean;
  close: () => void;
  /** Who or what this is. */
  title?: ReactNode;
  /** The state, beside the title. */
  badge?: ReactNode;
  /** Under the title: one line of what identifies it. */
  subtitle?: ReactNode;
  acts?: ReactNode;
  loading?: boolean;
  error?: unknown;
  retry?: () => void;
  width?: number;
  children?: ReactNode;
}

/** One thing out of a list, beside the list. */
export function DetailDrawer(props: Props) {
  const t = useT();
  const wide = useWide();
  const focusBack = useFocusBack(props.open);
  return (
    <Drawer
      open={props.open}
      onClose={props.close}
      size={wide ? (props.width ?? 560) : '100%'}
      afterOpenChange={focusBack}
      focusable={{ focusTriggerAfterClose: false }}
      destroyOnHidden
      mask={{ closable: true }}
      closable={{ 'aria-label': t('act.close') }}
      title={
        <div className="detail-head">
          <div className="detail-name">
            <h2 className="detail-title">{props.title ?? (props.loading ? t('list.loading') : '')}</h2>
            {props.badge}
          </div>
          {props.subtitle && <div className="detail-sub num">{props.subtitle}</div>}
        </div>
      }
    >
      {props.error ? (
        <ErrorState error={props.error} retry={props.retry} />
      ) : props.loading ? (
        <Bars rows={8} height={20} />
      ) : (
        <>
          {props.acts && <div className="detail-acts">{props.acts}</div>}
          {props.children}
        </>
      )}
    </Drawer>
  );
}
