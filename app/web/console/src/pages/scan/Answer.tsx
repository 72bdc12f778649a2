import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, QuestionCircleFilled } from '@ant-design/icons';
import type { Schemas } from '@gonghui/api';
import { Badge, Facts, type Tone, useT } from '@gonghui/ui';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** An answer, with its place and moment among those of this page. */
export type Verified = Schemas['VerifyCardReply'] & { key: number; at: Date };

const looks: Record<string, { tone: Tone; icon: ReactNode }> = {
  valid: { tone: 'good', icon: <CheckCircleFilled aria-hidden /> },
  expired: { tone: 'warn', icon: <ClockCircleFilled aria-hidden /> },
  ended: { tone: 'bad', icon: <CloseCircleFilled aria-hidden /> },
  unknown: { tone: 'bad', icon: <QuestionCircleFilled aria-hidden /> },
};
const unknown = { tone: 'bad' as Tone, icon: <QuestionCircleFilled aria-hidden /> };

/** Hours, minutes and seconds as the clock on the wall says them. */
const clock = (at: Date) => at.toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' });

/** The answer to a scan, large enough to be read from a step away. */
export function Answer({ answer, asking }: { answer: Verified | null; asking: boolean }) {
  const t = useT();
  if (!answer) {
    return (
      <div className="answer answer-none">
        <p>{asking ? t('scan.checking') : t('scan.recentNone')}</p>
      </div>
    );
  }
  const look = looks[answer.outcome] ?? unknown;
  return (
    <div key={answer.key} className={`answer answer-${look.tone}`} data-outcome={answer.outcome}>
      <div className="answer-head">
        {look.icon}
        <h2>{t(`scan.outcome.${answer.outcome}`)}</h2>
        <span className="answer-at num">{clock(answer.at)}</span>
      </div>
      {answer.name && <p className="answer-name">{answer.name}</p>}
      {(answer.memberNo || answer.bodyName) && (
        <Facts
          items={[
            ...(answer.memberNo ? [{ label: t('scan.no'), value: answer.memberNo, wide: true }] : []),
            ...(answer.bodyName ? [{ label: t('scan.body'), value: answer.bodyName, wide: true }] : []),
          ]}
        />
      )}
      <p className="answer-advice">
        {t(`scan.advice.${answer.outcome}`)} {!answer.own && answer.bodyName && t('scan.elsewhere')}
      </p>
      <p className="answer-foot">
        {asking ? t('scan.checking') : t('scan.next')}
        {answer.memberId && <Link to={`/members/${answer.memberId}/file`}>{t('scan.file')}</Link>}
      </p>
    </div>
  );
}

/** An earlier answer in one line. */
export function AnswerRow({ answer }: { answer: Verified }) {
  const t = useT();
  const { tone } = looks[answer.outcome] ?? unknown;
  return (
    <li>
      <span className="row-text">
        <span className="row-name">{answer.name || answer.bodyName || t(`scan.outcome.${answer.outcome}`)}</span>
        <span className="row-sub num">{[clock(answer.at), answer.memberNo].filter(Boolean).join(' · ')}</span>
      </span>
      <Badge tone={tone}>{t(`scan.outcome.${answer.outcome}`)}</Badge>
    </li>
  );
}
