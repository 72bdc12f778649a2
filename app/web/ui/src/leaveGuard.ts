import { App } from 'antd';
import { useCallback, useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';
import { useT } from './base/i18n.ts';

/**
 * useLeaveGuard asks before unsaved work is lost: on a link inside the app, on closing the tab, and when the caller asks
 * with `confirm`. `dirty` is asked at that moment.
 */
export function useLeaveGuard(dirty: () => boolean): { confirm: (leave: () => void) => void } {
  const t = useT();
  const { modal } = App.useApp();
  const ask = useRef(dirty);
  ask.current = dirty;
  const open = useRef(false);

  const question = useCallback(
    (leave: () => void, stay: () => void = () => {}) => {
      if (open.current) return;
      open.current = true;
      modal.confirm({
        title: t('form.leaveTitle'),
        icon: null,
        okText: t('form.leave'),
        okButtonProps: { danger: true },
        cancelText: t('form.stay'),
        autoFocusButton: 'cancel',
        onOk: leave,
        onCancel: stay,
        afterClose: () => {
          open.current = false;
        },
      });
    },
    [modal, t],
  );

  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && ask.current(),
  );
  useEffect(() => {
    if (blocker.state === 'blocked') question(blocker.proceed, blocker.reset);
  }, [blocker, question]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (ask.current()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);

  return {
    confirm: (leave) => (ask.current() ? question(leave) : leave()),
  };
}
