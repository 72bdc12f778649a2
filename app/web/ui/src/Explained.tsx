import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import type { Full, Schemas } from '@gonghui/api';
import { Badge, type Tone } from './Badge.tsx';
import { pick, useLocale, useT } from './base/i18n.ts';
import { type Grant, whenWords, whereWords } from './grantWords.ts';
import { useMe } from './session.tsx';

export type Explanation = Full<Schemas['ExplainReply']>;
type Because = Explanation['because'][number];

interface Props {
  answer: Explanation;
  /** Who it is about; none for the one who asks. */
  who?: string;
  /** What the act is called. */
  act: string;
  /** Where; none for the body of the host. */
  where?: string;
  /** What the person is in the body, for what comes with it. */
  place?: string;
  /** Leads to a grant, where the asker may see them. */
  grant?: (grant: Grant, text: string) => React.ReactNode;
}

const tones: Record<string, Tone> = {
  decides: 'good',
  outweighed: 'plain',
  elsewhere: 'plain',
  not_yet: 'note',
  expired: 'warn',
  duty: 'bad',
};

/** Why somebody may, or may not: the answer in a sentence, what decides, and who could give what is missing. */
export function Explained({ answer, who, act, where, place, grant }: Props) {
  const t = useT();
  const { bodyName } = useMe().place;
  const at = where || bodyName;
  const parts =
    answer.parts.length > 0
      ? t('explain.parts', { parts: answer.parts.map((p) => t(`explain.part.${p}`)).join(t('explain.and')) })
      : '';
  const subject = who ?? t('explain.you');
  return (
    <div className="explained">
      <p className={answer.allowed ? 'explained-answer explained-yes' : 'explained-answer explained-no'} role="status">
        {answer.allowed ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
        <span>
          {answer.allowed
            ? t('explain.may', { who: subject, act, at, level: t(`level.${answer.level}`) })
            : t('explain.mayNot', { who: subject, act, at })}
          {parts}
          {!answer.allowed && answer.missing && ` ${t(`explain.missing.${answer.missing}`)}`}
        </span>
      </p>
      {answer.because.length > 0 && (
        <>
          <h3 className="explained-head">{t('explain.because')}</h3>
          <ul className="explained-list">
            {answer.because.map((because, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an answer is drawn once and never reordered
              <li key={n}>
                <Reason because={because} place={place} grant={grant} />
                <Badge
                  tone={
                    because.effect === 'deny' && because.standing === 'decides'
                      ? 'bad'
                      : (tones[because.standing] ?? 'plain')
                  }
                >
                  {t(`explain.standing.${because.standing}`)}
                </Badge>
              </li>
            ))}
          </ul>
        </>
      )}
      {!answer.allowed && (
        <>
          <h3 className="explained-head">{t('explain.givers')}</h3>
          {answer.givers.length === 0 ? (
            <p className="explained-quiet">{t('explain.noGivers')}</p>
          ) : (
            <ul className="explained-givers">
              {answer.givers.map((giver) => (
                <li key={giver.id}>
                  {giver.kind === 'body'
                    ? t('explain.giverAbove', { name: giver.name })
                    : giver.name || t('explain.somebody')}
                  {giver.note && <span className="explained-quiet">{t(`role.${giver.note}`)}</span>}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function Reason({ because, place, grant: link }: { because: Because } & Pick<Props, 'place' | 'grant'>) {
  const t = useT();
  const locale = useLocale();
  const { bodyName } = useMe().place;
  const role = pick(locale, because.roleTitleZh, because.roleTitleEn);
  const level = because.level ? t(`level.${because.level}`) : '';
  const { grant } = because;
  if (!grant?.id) {
    return (
      <div className="explained-reason">
        <span>{role || place ? t('explain.byPlace', { role: role || place || '' }) : t('explain.byPlacePlain')}</span>
        {level && <span className="explained-quiet">{level}</span>}
      </div>
    );
  }
  const text = t(because.effect === 'deny' ? 'explain.denied' : 'explain.granted', {
    what: role || grant.capability,
    where: whereWords(grant.scope, t, bodyName),
  });
  const through = ['post', 'group', 'app'].includes(because.throughKind)
    ? t(`explain.through.${because.throughKind}`, { name: because.throughName })
    : '';
  return (
    <div className="explained-reason">
      <span>{link ? link(grant, text) : text}</span>
      <span className="explained-quiet">
        {[through, level, whenWords(grant, t), grant.grantedBy && t('explain.by', { name: grant.grantedBy })]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </div>
  );
}
