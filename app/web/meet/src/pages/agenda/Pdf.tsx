import { useT } from '@gonghui/ui/base';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { useEffect, useRef, useState } from 'react';
import { opened } from './pdf.ts';

interface Props {
  url: string;
  name: string;
  failed: () => void;
}

const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
/** Pixels of a canvas at most: phones give no more. */
const MOST = 16_000_000;

/** A PDF, page below page. Pages are drawn when they come into sight. */
export default function Pdf({ url, name, failed }: Props) {
  const t = useT();
  const [file, setFile] = useState<PDFDocumentProxy | null>(null);
  const [zoom, setZoom] = useState(2);
  const fail = useRef(failed);
  useEffect(() => {
    const task = opened(url);
    let over = false;
    task.promise.then(
      (got) => !over && setFile(got),
      () => !over && fail.current(),
    );
    return () => {
      over = true;
      void task.destroy();
    };
  }, [url]);
  if (!file) return <p className="viewer-note">{t('meet.files.opening')}</p>;
  const by = (step: number) => setZoom((now) => Math.max(0, Math.min(zooms.length - 1, now + step)));
  return (
    <>
      <div className="viewer-zoom">
        <button type="button" className="button small" disabled={zoom === 0} onClick={() => by(-1)}>
          {t('meet.files.smaller')}
        </button>
        <button type="button" className="button small" disabled={zoom === zooms.length - 1} onClick={() => by(1)}>
          {t('meet.files.larger')}
        </button>
        <span className="quiet num">{t('meet.files.pages', { count: file.numPages })}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: pages that scroll must be reached by keyboard */}
      <section className="viewer-pages" tabIndex={0} aria-label={name}>
        {Array.from({ length: file.numPages }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pages have no other name than their place
          <Page key={i} file={file} no={i + 1} zoom={zooms[zoom] ?? 1} />
        ))}
      </section>
    </>
  );
}

function Page({ file, no, zoom }: { file: PDFDocumentProxy; no: number; zoom: number }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [near, setNear] = useState(false);
  const [page, setPage] = useState<PDFPageProxy | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new IntersectionObserver(([one]) => setNear(one?.isIntersecting ?? false), {
      rootMargin: '600px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!near || page) return;
    let over = false;
    void file.getPage(no).then(
      async (got) => {
        if (over) return;
        setPage(got);
        // Who does not see the page hears it.
        const content = await got.getTextContent();
        if (!over) setText(content.items.map((one) => ('str' in one ? one.str : '')).join(' '));
      },
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [file, no, near, page]);
  useEffect(() => {
    const surface = canvas.current;
    const width = box.current?.parentElement?.clientWidth ?? 0;
    if (!near || !page || !surface || width === 0) return;
    const plain = page.getViewport({ scale: 1 });
    const scale = (Math.min(width - 24, 960) / plain.width) * zoom;
    const dense = Math.min(devicePixelRatio || 1, 2, Math.sqrt(MOST / (plain.width * plain.height)) / scale);
    const viewport = page.getViewport({ scale: scale * dense });
    surface.width = Math.floor(viewport.width);
    surface.height = Math.floor(viewport.height);
    surface.style.width = `${Math.floor(viewport.width / dense)}px`;
    const task = page.render({ canvas: surface, viewport });
    // Given up where the page is drawn anew, or gone.
    task.promise.catch(() => undefined);
    return () => task.cancel();
  }, [near, page, zoom]);
  return (
    <div ref={box} className="viewer-page">
      <canvas ref={canvas} role="img" aria-label={t('meet.files.page', { no })} />
      {text && <p className="unseen">{text}</p>}
    </div>
  );
}
