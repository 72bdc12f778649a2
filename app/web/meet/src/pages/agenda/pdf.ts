import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask } from 'pdfjs-dist/legacy/build/pdf.mjs';
import PdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker';

/** How characters of Chinese fonts that a file does not bring along are numbered, and what unpacks scanned pages: fetched when a file needs it. */
const data = import.meta.glob<string>(
  [
    '../../../../node_modules/pdfjs-dist/cmaps/{Adobe-GB1,GB,UniGB}*.bcmap',
    '../../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg}.wasm',
  ],
  { query: '?url', import: 'default', eager: true },
);
const byName = new Map(Object.entries(data).map(([path, url]) => [path.slice(path.lastIndexOf('/') + 1), url]));

class Data {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = byName.get(filename);
    const response = url ? await fetch(url) : null;
    if (!response?.ok) throw new Error(`no ${filename}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** Bytes that are asked for at a time. */
const CHUNK = 1 << 20;

/** Opens a PDF at an address of this host, part by part as it is looked at. */
export function opened(url: string): PDFDocumentLoadingTask {
  GlobalWorkerOptions.workerPort ??= new PdfWorker();
  return getDocument({
    url,
    rangeChunkSize: CHUNK,
    disableAutoFetch: true,
    useWorkerFetch: false,
    BinaryDataFactory: Data,
    enableXfa: false,
  });
}
