import { api, asApiError, take } from '@gonghui/api';
import { NoRight, PageHead, Section, useCan, useLocale, useT } from '@gonghui/ui';
import { Alert, App, Button, Checkbox, Form, Input } from 'antd';
import { useRef, useState } from 'react';
import { Answer, AnswerRow, type Verified } from './Answer.tsx';
import { detector } from './detector.ts';
import { PhotoButton } from './PhotoButton.tsx';
import { fresh, type Sight } from './repeat.ts';
import { shake, sound } from './signal.ts';
import { useCamera } from './useCamera.ts';
import { useKept } from './useKept.ts';

/** Answers that are kept on the page, the newest first. */
const KEPT = 8;

/** Where trying again changes nothing. */
const hopeless = ['insecure', 'wechat', 'old'];

/** An officer's check of member cards: by camera, from a photo, or by typing. One answer, and ready for the next card. */
export function ScanPage() {
  const t = useT();
  const can = useCan();
  const locale = useLocale();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ code: string }>();
  const [wanted, setWanted] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const [asking, setAsking] = useState(false);
  const [answers, setAnswers] = useState<Verified[]>([]);
  const [fault, setFault] = useState('');
  const [loud, setLoud] = useKept('scan.sound');
  const [shaky, setShaky] = useKept('scan.shake');
  const last = useRef<Sight | null>(null);
  const count = useRef(0);
  const allowed = can('member.verify');

  const verify = async (code: string) => {
    setAsking(true);
    setFault('');
    try {
      const reply = await take(api.POST('/v1/cards:verify', { body: { code: code.trim().slice(0, 200) } }));
      const valid = reply.outcome === 'valid';
      if (last.current?.code === code) last.current = { ...last.current, valid };
      if (loud) sound(valid);
      if (shaky) shake(valid);
      count.current += 1;
      const answer = { ...reply, key: count.current, at: new Date() };
      setAnswers((before) => [answer, ...before].slice(0, KEPT));
      return true;
    } catch (thrown) {
      // The same card may be tried again at once.
      last.current = null;
      setFault(asApiError(thrown).text(locale));
      return false;
    } finally {
      setAsking(false);
    }
  };
  const seen = (code: string) => {
    if (asking) return;
    const sight: Sight = { code, at: Date.now() };
    const before = last.current;
    if (fresh(before, sight)) {
      last.current = sight;
      void verify(code);
    } else if (before) {
      // A card that is held still keeps its place.
      last.current = { ...before, at: sight.at };
    }
  };
  const [video, camera] = useCamera(allowed && wanted, attempt, seen);
  if (!allowed) return <NoRight page what={t('scan.title')} />;

  const photo = async (file: File) => {
    let picture: ImageBitmap;
    try {
      picture = await createImageBitmap(file);
    } catch {
      return void message.error(t('scan.badPhoto'));
    }
    const codes = await (await detector()).detect(picture).catch(() => []);
    picture.close();
    const code = codes[0]?.rawValue;
    if (code) await verify(code);
    else void message.warning(t('scan.noCode'));
  };
  const trouble = camera !== 'off' && camera !== 'starting' && camera !== 'on';
  const [newest, ...older] = answers;
  return (
    <div className="page">
      <PageHead title={t('scan.title')} purpose={t('scan.purpose')} />
      <div className="scan">
        <section className="scan-view" aria-label={t('scan.view')}>
          <div className={camera === 'on' ? 'scan-frame' : 'scan-frame scan-frame-off'}>
            <video ref={video} muted playsInline aria-label={t('scan.view')} />
            {camera === 'on' && <span className="scan-aim" aria-hidden="true" />}
            {camera === 'starting' && <p className="scan-word">{t('scan.starting')}</p>}
            {trouble && (
              <div className="scan-word" role="alert">
                <p className="scan-trouble">{t(`scan.${camera}`)}</p>
                <p>{t(`scan.${camera}Do`)}</p>
                {!hopeless.includes(camera) && (
                  <Button onClick={() => setAttempt(attempt + 1)}>{t('act.retry')}</Button>
                )}
              </div>
            )}
            {camera === 'off' && (
              <div className="scan-word">
                <Button type="primary" onClick={() => setWanted(true)}>
                  {t('scan.start')}
                </Button>
              </div>
            )}
          </div>
          <div className="scan-bar">
            <span className="quiet">{camera === 'on' ? t('scan.aim') : ''}</span>
            {(camera === 'on' || camera === 'starting') && (
              <Button size="small" onClick={() => setWanted(false)}>
                {t('scan.stop')}
              </Button>
            )}
          </div>
        </section>
        <div className="scan-side">
          <div aria-live="assertive">
            {fault && <Alert type="error" showIcon className="above" title={t('scan.failed')} description={fault} />}
            <Answer answer={newest ?? null} asking={asking} />
          </div>
          <Section title={t('scan.another')}>
            <Form
              form={form}
              layout="vertical"
              onFinish={async ({ code }) => {
                if ((await verify(code)) && form.getFieldValue('code') === code) form.resetFields();
              }}
            >
              <Form.Item
                name="code"
                label={t('scan.type')}
                extra={t('scan.typedHint')}
                rules={[{ required: true, whitespace: true, message: t('form.required', { label: t('scan.typed') }) }]}
              >
                <Input maxLength={200} autoComplete="off" />
              </Form.Item>
              <div className="acts">
                <Button htmlType="submit">{t('scan.verify')}</Button>
                <PhotoButton take={photo} />
              </div>
            </Form>
            <div className="scan-switches">
              <Checkbox checked={loud} onChange={(event) => setLoud(event.target.checked)}>
                {t('scan.sound')}
              </Checkbox>
              {'vibrate' in navigator && (
                <Checkbox checked={shaky} onChange={(event) => setShaky(event.target.checked)}>
                  {t('scan.vibrate')}
                </Checkbox>
              )}
            </div>
          </Section>
          {older.length > 0 && (
            <Section title={t('scan.recent')}>
              <ul className="rows">
                {older.map((one) => (
                  <AnswerRow key={one.key} answer={one} />
                ))}
              </ul>
            </Section>
          )}
        </div>
      </div>
    </div>
  );
}
