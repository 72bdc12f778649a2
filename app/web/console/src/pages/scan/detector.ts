import type { BarcodeDetector as Ponyfill } from 'barcode-detector/ponyfill';

/** What reads QR codes out of a picture: the browser's own reader where there is one, ours otherwise. */
export type Detector = Pick<Ponyfill, 'detect'>;

const formats = ['qr_code'] as const;

let ready: Promise<Detector> | null = null;

/** Loads the reader once. Its WebAssembly comes from our own host, never from elsewhere. */
export function detector(): Promise<Detector> {
  ready ??= load().catch((cause) => {
    ready = null;
    throw cause;
  });
  return ready;
}

async function load(): Promise<Detector> {
  const own = (globalThis as { BarcodeDetector?: typeof Ponyfill }).BarcodeDetector;
  if (own) {
    const known: readonly string[] = await own.getSupportedFormats().catch(() => []);
    if (known.includes('qr_code')) return new own({ formats: [...formats] });
  }
  const [{ BarcodeDetector, prepareZXingModule }, { default: wasm }] = await Promise.all([
    import('barcode-detector/ponyfill'),
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ]);
  await prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
    fireImmediately: true,
  });
  return new BarcodeDetector({ formats: [...formats] });
}
