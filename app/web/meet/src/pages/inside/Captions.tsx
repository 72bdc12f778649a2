import { read, useT, write } from '@gonghui/ui/base';
import { useState } from 'react';
import { CaptionIcon } from '../../parts/insideIcons.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';

const sizes = ['small', 'middle', 'large'] as const;
type Size = (typeof sizes)[number];
/** Finished lines that are shown over the one being written. */
const SHOWN = 2;

/** What is said, as the stenographer writes it: below the pictures, in the size that the person likes. */
export default function Captions() {
  const t = useT();
  const { captions, draft } = useSnapshot(useRoom()).state.inside;
  const [size, setSize] = useState<Size>(() => sizes.find((one) => one === read('meet.captions.size')) ?? 'middle');
  const [hidden, hide] = useState(() => read('meet.captions') === 'off');
  const turn = () => {
    write('meet.captions', hidden ? null : 'off');
    hide(!hidden);
  };
  const last = captions.slice(draft ? -(SHOWN - 1) : -SHOWN);
  return (
    <section className={`captions ${size}`} aria-label={t('meet.inside.captions.subtitle')}>
      {!hidden && (
        <div className="captions-text" aria-live="polite">
          {last.map(({ id, text }) => (
            <p key={id}>{text}</p>
          ))}
          {draft && (
            <p key="draft" className="growing">
              {draft.text}
            </p>
          )}
        </div>
      )}
      <Menu
        label={t('meet.inside.captions.size')}
        className="over"
        acts={[
          { key: 'turn', text: t(hidden ? 'meet.inside.captions.show' : 'meet.inside.captions.hide'), run: turn },
          ...sizes.map((one) => ({
            key: one,
            text: t(`meet.inside.captions.sizes.${one}`),
            checked: one === size,
            run: () => {
              write('meet.captions.size', one);
              setSize(one);
            },
          })),
        ]}
      >
        <CaptionIcon />
      </Menu>
    </section>
  );
}
