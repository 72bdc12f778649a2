import { useLayoutEffect, useRef } from 'react';

/** Whether an element is in a drawer that closes. */
const closed = (element: Element) => element.closest('.ant-drawer:not(.ant-drawer-open)') !== null;

/**
 * Gives the focus back to what opened a drawer when it is gone, unless the person has gone on meanwhile: the drawer's own way takes it
 * out of the form that came next. For its `afterOpenChange`; `focusable` has to leave it alone.
 */
export function useFocusBack(open: boolean): (visible: boolean) => void {
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return (visible) => {
    const { activeElement, body } = document;
    const free = !activeElement || activeElement === body || closed(activeElement);
    if (!visible && free && opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
}
