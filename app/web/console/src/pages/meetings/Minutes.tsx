import { api, asApiError, type Full, type Schemas, take } from '@gonghui/api';
import { dateTime, useAct, useLocale, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Input, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { meetingKeys } from './meetings.ts';

type Text = Full<Schemas['Minutes']>;

/** Characters of minutes at most; the server takes no more. */
const LONGEST = 60_000;

/** The minutes of a meeting: drafted out of what is kept, changed, kept in versions, taken along as a document or printed. */
export function Minutes({ id }: { id: string }) {
  const t = useT();
  const [version, setVersion] = useState(0);
  const [writing, write] = useState<string | null>(null);
  const [drafting, draft] = useState(false);
  const { data, error } = useQuery({
    queryKey: [...meetingKeys.list, 'minutes', id, version],
    queryFn: () => take(api.GET('/v1/meetings/{id}/minutes', { params: { path: { id }, query: { version } } })),
  });
  // Minutes are for who holds the meeting, and who may see those of the body.
  if (error || !data) return null;
  const { latest, mayWrite, text, byName, at } = data;
  if (latest === 0 && !mayWrite) return null;
  return (
    <>
      <h3 className="detail-section">{t('meetings.summary.title')}</h3>
      {latest === 0 && <p className="quiet">{t('meetings.summary.none')}</p>}
      {latest > 0 && (
        <>
          <p className="quiet">
            <Select
              size="small"
              aria-label={t('meetings.summary.version')}
              value={data.version}
              onChange={setVersion}
              options={Array.from({ length: latest }, (_, i) => ({
                value: latest - i,
                label: t('meetings.summary.versionN', { no: latest - i }),
              }))}
            />{' '}
            {t('meetings.summary.by', { name: byName, at: dateTime(at) })}
          </p>
          <Sheet text={text} />
        </>
      )}
      <p className="minutes-acts">
        {mayWrite && <Button onClick={() => draft(true)}>{t('meetings.summary.draft')}</Button>}
        {latest > 0 && (
          <>
            {mayWrite && <Button onClick={() => write(text)}>{t('meetings.summary.edit')}</Button>}
            <Button href={`/v1/meetings/${id}/minutes.docx?version=${data.version}`} download>
              {t('meetings.summary.docx')}
            </Button>
            <Button onClick={() => print(text)}>{t('meetings.summary.print')}</Button>
          </>
        )}
      </p>
      {drafting && (
        <Draft
          id={id}
          close={() => draft(false)}
          made={(made) => {
            draft(false);
            write(made);
          }}
        />
      )}
      {writing !== null && (
        <Write
          id={id}
          text={writing}
          latest={latest}
          close={() => write(null)}
          saved={() => {
            write(null);
            setVersion(0);
          }}
        />
      )}
    </>
  );
}

interface Line {
  key: number;
  text: string;
  kind: 'title' | 'heading' | 'body';
}

/** Lines as they are set: the first heading is the title. */
function linesOf(text: string): Line[] {
  let titled = false;
  return text.split('\n').map((line, key) => {
    if (!line.startsWith('#')) return { key, text: line, kind: 'body' };
    const kind = titled ? 'heading' : 'title';
    titled = true;
    return { key, text: line.replace(/^#+\s*/, ''), kind };
  });
}

function Sheet({ text }: { text: string }) {
  const t = useT();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long minutes are moved by the keyboard, too
    <section className="minutes-sheet" aria-label={t('meetings.summary.title')} tabIndex={0}>
      {linesOf(text).map(({ key, text: line, kind }) =>
        kind === 'body' ? <p key={key}>{line}</p> : <h4 key={key}>{line}</h4>,
      )}
    </section>
  );
}

/** Prints the minutes on a sheet of their own. */
function print(text: string): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.addEventListener('load', () => {
    const page = frame.contentDocument;
    if (!page) return;
    const style = page.createElement('style');
    style.textContent =
      '@page{size:A4;margin:37mm 26mm 35mm 28mm}body{font:16pt/28pt FangSong,STFangsong,serif}h1{font-size:22pt;text-align:center}h2{font-size:16pt}p,h2{margin:0;text-indent:2em}';
    page.head.append(style);
    for (const { text: line, kind } of linesOf(text)) {
      const element = page.createElement({ title: 'h1', heading: 'h2', body: 'p' }[kind]);
      element.textContent = line;
      page.body.append(element);
    }
    frame.contentWindow?.addEventListener('afterprint', () => frame.remove());
    frame.contentWindow?.print();
  });
  document.body.append(frame);
}

interface DraftProps {
  id: string;
  close: () => void;
  made: (text: string) => void;
}

/** What goes into a draft. */
function Draft({ id, close, made }: DraftProps) {
  const t = useT();
  const [attendance, setAttendance] = useState(true);
  const [captions, setCaptions] = useState(true);
  const [agenda, setAgenda] = useState(true);
  const [lines, setLines] = useState<string[]>([]);
  const { data } = useQuery({
    queryKey: [...meetingKeys.list, 'chosen', id],
    queryFn: () => take(api.GET('/v1/meetings/{id}/messages', { params: { path: { id }, query: { pageSize: 200 } } })),
  });
  const make = useAct({
    run: () =>
      take(
        api.POST('/v1/meetings/{id}/minutes:draft', {
          params: { path: { id } },
          body: { id, attendance, captions, agenda, lines },
        }),
      ),
    done: (draft) => made(draft.text),
  });
  const said = data?.messages ?? [];
  return (
    <Modal
      open
      title={t('meetings.summary.draft')}
      okText={t('meetings.summary.make')}
      cancelText={t('act.cancel')}
      confirmLoading={make.isPending}
      onOk={() => make.mutate(undefined)}
      onCancel={close}
    >
      <p className="quiet">{t('meetings.summary.draftHint')}</p>
      <p>
        <Checkbox checked={attendance} onChange={(event) => setAttendance(event.target.checked)}>
          {t('meetings.summary.attendance')}
        </Checkbox>
        <br />
        <Checkbox checked={agenda} onChange={(event) => setAgenda(event.target.checked)}>
          {t('meetings.summary.agenda')}
        </Checkbox>
        <br />
        <Checkbox checked={captions} onChange={(event) => setCaptions(event.target.checked)}>
          {t('meetings.summary.captions')}
        </Checkbox>
      </p>
      {said.length > 0 && (
        <>
          <h4>{t('meetings.summary.lines')}</h4>
          <Checkbox.Group
            className="minutes-lines"
            value={lines}
            onChange={(chosen) => setLines(chosen.map(String))}
            options={[...said].reverse().map((line) => ({
              value: line.id,
              label: [line.name, line.text].join(': '),
            }))}
          />
        </>
      )}
    </Modal>
  );
}

interface WriteProps {
  id: string;
  text: string;
  latest: number;
  close: () => void;
  saved: (minutes: Text) => void;
}

function Write({ id, text: begun, latest, close, saved }: WriteProps) {
  const t = useT();
  const locale = useLocale();
  const { modal } = App.useApp();
  const [text, setText] = useState(begun);
  useEffect(() => setText(begun), [begun]);
  const save = useAct({
    run: () =>
      take(api.PUT('/v1/meetings/{id}/minutes', { params: { path: { id } }, body: { id, version: latest, text } })),
    refresh: [meetingKeys.list],
    done: saved,
    said: t('meetings.summary.saved'),
    quiet: true,
  });
  const leave = () => {
    if (text === begun && latest > 0) return close();
    void modal.confirm({
      title: t('meetings.summary.leave'),
      okText: t('meetings.summary.drop'),
      okButtonProps: { danger: true },
      cancelText: t('act.cancel'),
      onOk: close,
    });
  };
  return (
    <Modal
      open
      width={860}
      title={t('meetings.summary.edit')}
      okText={t('meetings.summary.save')}
      cancelText={t('act.cancel')}
      okButtonProps={{ disabled: !text.trim() }}
      confirmLoading={save.isPending}
      onOk={() => save.mutate(undefined)}
      onCancel={leave}
    >
      <p className="quiet">{t('meetings.summary.hint')}</p>
      {save.error && <Alert type="error" showIcon title={asApiError(save.error).text(locale)} />}
      <Input.TextArea
        aria-label={t('meetings.summary.title')}
        maxLength={LONGEST}
        autoSize={{ minRows: 14, maxRows: 26 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Modal>
  );
}
