/** Bytes that a logo may have. */
const LIMIT = 64 * 1024;
/** Pixels of the longer side after scaling down: enough for a phone's icon at three times density. */
const SIDE = 256;

export type LogoFault = 'logoBad' | 'logoBig';

const kinds = ['image/png', 'image/jpeg', 'image/webp'];

function asDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

async function scaled(file: Blob): Promise<Blob | null> {
  const picture = await createImageBitmap(file);
  const factor = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * factor));
  canvas.height = Math.max(1, Math.round(picture.height * factor));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const as = (type: string, quality?: number) =>
    new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  const png = await as('image/png');
  return png && png.size <= LIMIT ? png : as('image/webp', 0.85);
}

/** readLogo turns a picture file into a data: address of at most 64 KiB, scaled down where needed. */
export async function readLogo(file: File): Promise<{ logo: string } | { fault: LogoFault }> {
  if (!kinds.includes(file.type)) return { fault: 'logoBad' };
  try {
    const blob = file.size <= LIMIT ? file : await scaled(file);
    if (!blob || blob.size > LIMIT) return { fault: 'logoBig' };
    // A file that only claims to be a picture is found out here.
    (await createImageBitmap(blob)).close();
    return { logo: await asDataUrl(blob) };
  } catch {
    return { fault: 'logoBad' };
  }
}
