import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';

interface Props {
  to: string;
  icon?: ReactNode;
  children: ReactNode;
}

/** A link that looks like a button: it opens in a new tab like any other. */
export function LinkButton({ to, icon, children }: Props) {
  const href = useHref(to);
  const navigate = useNavigate();
  return (
    <Button
      href={href}
      icon={icon}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void navigate(to);
      }}
    >
      {children}
    </Button>
  );
}
