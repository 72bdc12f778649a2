import { Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useT } from './base/i18n.ts';
import { read, write } from './base/store.ts';
import { useSignOut } from './session.tsx';

const KEY = 'active';

/** Seconds before the end at which the person is asked. */
const WARNING = 60;

/** Milliseconds: no more often than that an act is noted. */
const NOTE = 5_000;

const acts = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Ends the session when nobody has done anything for as long as the body allows, in any window of the app. The server counts
 * calls; a page that asks for figures by itself would never be idle to it.
 */
export function IdleEnd({ minutes }: { minutes: number }) {
  const t = useT();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    let noted = 0;
    const act = () => {
      if (Date.now() - noted < NOTE) return;
      noted = Date.now();
      write(KEY, String(noted));
    };
    act();
    for (const name of acts) window.addEventListener(name, act, { passive: true });
    const timer = setInterval(() => {
      const last = Number(read(KEY)) || noted;
      const rest = Math.ceil((last + minutes * 60_000 - Date.now()) / 1000);
      setLeft(rest <= WARNING ? rest : null);
      if (rest > 0) return;
      clearInterval(timer);
      const go = () => navigate('/sign-in?ended=idle', { replace: true });
      signOut().then(go, go);
    }, 1000);
    return () => {
      clearInterval(timer);
      for (const name of acts) window.removeEventListener(name, act);
    };
  }, [minutes, navigate, signOut]);
  return (
    <Modal
      open={left !== null && left > 0}
      title={t('security.idle.title')}
      closable={false}
      cancelButtonProps={{ style: { display: 'none' } }}
      okText={t('security.idle.stay')}
      onOk={() => {
        write(KEY, String(Date.now()));
        setLeft(null);
      }}
    >
      <p className="num">{t('security.idle.about', { seconds: left ?? 0 })}</p>
    </Modal>
  );
}
