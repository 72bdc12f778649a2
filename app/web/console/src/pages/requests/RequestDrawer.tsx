import { ArrowRightOutlined } from '@ant-design/icons';
import { api, keyed, take } from '@gonghui/api';
import { Badge, DetailDrawer, dateTime, EmptyState, Facts, useAct, useCan, useT } from '@gonghui/ui';
import { Alert, App, Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { fieldLabel } from '../members/fieldLabel.ts';
import { inWords } from './change.ts';
import { RefuseForm } from './RefuseForm.tsx';
import { type ChangeRequest, tones } from './RequestsPage.tsx';

interface Props {
  id: string | null;
  /** Null while the list is on its way, or when it does not hold this one. */
  request: ChangeRequest | null;
  /** The list has come. */
  loaded: boolean;
  decided: (request: ChangeRequest) => void;
  close: () => void;
}

/** One request: the file as it is and as it should be, and the decision. */
export function RequestDrawer({ id, request, loaded, decided, close }: Props) {
  const t = useT();
  const can = useCan();
  const { modal } = App.useApp();
  const [refusing, setRefusing] = useState(false);
  const decide = useAct({
    run: (decision: { approve: boolean; reason: string }, key) =>
      take(
        api.POST('/v1/requests/{id}:decide', {
          params: { path: { id: id ?? '' } },
          body: { id: id ?? '', ...decision },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.requests, keys.members, keys.figures],
    done: decided,
    said: ({ approve }) =>
      t(!approve ? 'requests.refused' : request?.claim ? 'requests.claimApproved' : 'requests.approved'),
    quiet: true,
  });
  const approving = useAct({
    run: () => decide.mutateAsync({ approve: true, reason: '' }),
  });
  const name = request?.memberName ?? '';
  const ask = () =>
    modal.confirm({
      title: t(request?.claim ? 'requests.claimAsk' : 'requests.approveAsk', { name }),
      content: t(request?.claim ? 'requests.claimHint' : 'requests.approveHint'),
      icon: null,
      okText: t('requests.approve'),
      onOk: () => approving.mutateAsync(undefined).catch(() => {}),
    });
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={!request && !loaded}
      title={request ? name : t('requests.title')}
      badge={request && <Badge tone={tones[request.state] ?? 'plain'}>{t(`requests.states.${request.state}`)}</Badge>}
      subtitle={request && `${t('member.no')} ${request.memberNo}`}
      acts={
        request && (
          <>
            {can('member.write') && request.state === 'open' && (
              <>
                <Button type="primary" loading={decide.isPending} onClick={ask}>
                  {t('requests.approve')}
                </Button>
                <Button onClick={() => setRefusing(true)}>{t('requests.refuse')}</Button>
              </>
            )}
            <Link to={`/members/${request.memberId}`} className="step-link">
              {t('requests.file')}
            </Link>
          </>
        )
      }
    >
      {request ? (
        <>
          {request.claim && request.state === 'open' && (
            <Alert type="warning" showIcon message={t('requests.claimAbout')} className="changes-claim" />
          )}
          <ul className="changes" aria-label={t('requests.changes')}>
            {request.changes.map((change) => (
              <li key={change.field}>
                <span className="changes-field">{fieldLabel(change.field, t)}</span>
                <span className="changes-pair">
                  <span className="changes-before">
                    <span className="unseen">{t('requests.before')} </span>
                    {inWords(change.field, change.before, t) || <span className="quiet">{t('requests.none')}</span>}
                  </span>
                  <ArrowRightOutlined aria-hidden />
                  <span className="changes-after">
                    <span className="unseen">{t('requests.after')} </span>
                    {inWords(change.field, change.after, t) || <span className="quiet">{t('requests.none')}</span>}
                  </span>
                </span>
              </li>
            ))}
          </ul>
          <Facts
            items={[
              { label: t('requests.note'), value: request.note, wide: true },
              { label: t('requests.at'), value: dateTime(request.createdAt) },
              ...(request.state === 'open'
                ? []
                : [
                    { label: t('requests.decidedAt'), value: dateTime(request.decidedAt) },
                    { label: t('requests.decidedBy'), value: request.decidedBy },
                  ]),
              ...(request.reason ? [{ label: t('requests.reason'), value: request.reason, wide: true }] : []),
            ]}
          />
          <RefuseForm
            name={refusing ? name : null}
            about={t(request.claim ? 'requests.claimRefuseAbout' : 'requests.refuseAbout')}
            refuse={(reason) => decide.mutateAsync({ approve: false, reason })}
            close={() => setRefusing(false)}
          />
        </>
      ) : (
        <EmptyState title={t('requests.gone')} />
      )}
    </DetailDrawer>
  );
}
