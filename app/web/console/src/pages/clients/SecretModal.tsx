import { CopyField, useT } from '@gonghui/ui';
import { Modal } from 'antd';
import type { Client } from './clients.ts';

/** What an application is told to get going; its secret is shown this once. */
export function SecretModal({ client, close }: { client: Client | null; close: () => void }) {
  const t = useT();
  return (
    <Modal
      open={client !== null}
      title={client && t('clients.made', { name: client.name })}
      onCancel={close}
      footer={null}
      closable={{ 'aria-label': t('act.close') }}
      mask={{ closable: false }}
    >
      {client && (
        <>
          {client.secret && <p className="form-about">{t('clients.secretOnce')}</p>}
          <p className="quiet">{t('clients.issuer')}</p>
          <CopyField value={client.issuer} label={t('clients.issuer')} />
          <p className="quiet">{t('clients.id')}</p>
          <CopyField value={client.id} label={t('clients.id')} />
          {client.secret && (
            <>
              <p className="quiet">{t('clients.secret')}</p>
              <CopyField value={client.secret} label={t('clients.secret')} />
            </>
          )}
        </>
      )}
    </Modal>
  );
}
