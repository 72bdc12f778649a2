import { SearchOutlined } from '@ant-design/icons';
import { useT } from '@gonghui/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { type Body, searchQuery } from '../../data/queries.ts';
import { bodyAddress, useView } from '../body/useView.ts';
import { PathOf } from './PathOf.tsx';
import { step } from './step.ts';
import { useSettled } from './useSettled.ts';

/** Milliseconds of quiet before the server is asked. */
const QUIET = 150;

/** Finds a body by name, pinyin or code from any page. / reaches it, arrows move, Enter goes there, Esc closes. */
export function BodySearch() {
  const t = useT();
  const id = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [view] = useView();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [words, setWords] = useState('');
  const [open, setOpen] = useState(false);
  // The code of the result that Enter opens: a list that changes under the arrows never changes what is meant.
  const [meant, setMeant] = useState('');
  const settled = useSettled(words.trim(), QUIET);
  const found = useQuery(searchQuery(settled));
  const results = settled ? (found.data ?? []) : [];
  const at = results.findIndex((body) => body.code === meant);
  const shown = open && settled !== '' && (found.data !== undefined || found.error !== null);
  const address = (body: Body) => bodyAddress(body.code, { line: null, metric: view.metric, days: view.days });

  useSlash(field);

  const type = (value: string, composing: boolean) => {
    setTyped(value);
    // Letters of a half-typed Chinese word are not yet what is meant.
    if (composing) return;
    setWords(value);
    setMeant('');
    setOpen(true);
  };
  const leave = () => {
    setTyped('');
    setWords('');
    setMeant('');
    setOpen(false);
    field.current?.blur();
  };
  const go = (body: Body | undefined) => {
    if (!body) return;
    void navigate(address(body));
    leave();
  };
  const enter = async () => {
    const now = typed.trim();
    if (!now) return;
    if (at >= 0 && now === settled) return go(results[at]);
    try {
      go((await client.fetchQuery(searchQuery(now)))[0]);
    } catch {
      setOpen(true);
    }
  };
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setMeant(results[step(at, event.key === 'ArrowDown' ? 1 : -1, results.length)]?.code ?? '');
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void enter();
    } else if (event.key === 'Escape') {
      if (shown) setOpen(false);
      else leave();
    }
  };

  return (
    <search
      className="find"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <SearchOutlined aria-hidden className="find-icon" />
      <input
        ref={field}
        className="find-field"
        type="text"
        role="combobox"
        aria-label={t('hq.search.label')}
        aria-autocomplete="list"
        aria-expanded={shown && results.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown && results[at] ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        placeholder={t('hq.search.placeholder')}
        title={t('hq.search.hint')}
        value={typed}
        onChange={(event) => type(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={(event) => type(event.currentTarget.value, false)}
        onFocus={() => setOpen(true)}
        onKeyDown={key}
      />
      {!typed && (
        <span className="find-key" aria-hidden="true">
          /
        </span>
      )}
      <div className="find-list" hidden={!shown}>
        <div id={`${id}-list`} role="listbox" aria-label={t('hq.search.label')}>
          {shown &&
            results.map((body, i) => (
              <Link
                key={body.code}
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === at}
                tabIndex={-1}
                className="find-one"
                to={address(body)}
                onMouseEnter={() => setMeant(body.code)}
                // The focus stays in the field: Safari would close the list before the click.
                onMouseDown={(event) => event.preventDefault()}
                onClick={leave}
                ref={(element) => {
                  if (i === at) element?.scrollIntoView({ block: 'nearest' });
                }}
              >
                <span className="find-name">
                  {body.name}
                  <span className="find-code num">{body.code}</span>
                </span>
                <PathOf code={body.code} top={t('hq.search.top')} />
              </Link>
            ))}
        </div>
        {shown && results.length === 0 && (
          <div className="find-none">
            {found.error ? (
              t('hq.search.failed')
            ) : (
              <>
                <strong>{t('hq.search.none', { words: settled })}</strong>
                <span>{t('hq.search.noneBody')}</span>
              </>
            )}
          </div>
        )}
      </div>
      <span className="unseen" role="status">
        {shown && !found.error ? t('hq.search.found', { count: results.length }) : ''}
      </span>
    </search>
  );
}

/** Where a / is meant to be written. */
const WRITING = 'textarea, select, input:not([type=radio], [type=checkbox])';

/** The / key leads to the field, unless one is writing elsewhere. */
function useSlash(field: { current: HTMLInputElement | null }) {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.isContentEditable || target.matches(WRITING)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [field]);
}
