import { App } from 'antd';
import { useCallback, useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';
import { useT } from './base/i18n.ts';

/** useLeaveQuestion asks whether unsaved work may be lost: one question at a time. */
export function useLeaveQuestion(): (leave: () => void, stay?: () => void) => void {
  const t = useT();
  const { modal } = App.useApp();
  const asked = useRef(false);
  return useCallback(
    (leave, stay = () => {}) => {
      if (asked.current) return;
      asked.current = true;
      const answered = (then: () => void) => () => {
        asked.current = false;
        then();
      };
      modal.confirm({
        title: t('form.leaveTitle'),
        icon: null,
        okText: t('form.leave'),
        okButtonProps: { danger: true },
        cancelText: t('form.stay'),
        autoFocusButton: 'cancel',
        onOk: answered(leave),
        onCancel: answered(stay),
      });
    },
    [modal, t],
  );
}

/**
 * LeaveGuard stands in an open form: it asks on a link inside the app, on going back, and on closing the tab, when
 * `dirty` says so at that moment. The router knows one guard at a time, so a closed form must not render it.
 */
export function LeaveGuard({ dirty }: { dirty: () => boolean }) {
  const question = useLeaveQuestion();
  const ask = useRef(dirty);
  ask.current = dirty;
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
  return null;
}
