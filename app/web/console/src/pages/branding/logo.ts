import { api, keyed, type Schemas, take } from '@gonghui/api';

/** Bytes that the server takes. */
const LIMIT = 512 * 1024;
/** Pixels of the longer side after scaling down here. */
const SIDE = 1024;
/** What the file chooser offers. */
export const kinds = 'image/svg+xml,image/png,image/jpeg,image/webp';

async function scaled(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const factor = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * factor));
  canvas.height = Math.max(1, Math.round(picture.height * factor));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/webp', 0.9));
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** addLogo sends a picture to the server, which makes it safe; one that is too large is scaled down first where that can be. */
export async function addLogo(file: File, key: string): Promise<Schemas['AddLogoReply']> {
  // What the browser cannot draw the server refuses in words.
  const small = file.size > LIMIT && file.type !== 'image/svg+xml' ? await scaled(file).catch(() => file) : file;
  const data = await base64(small.slice(0, LIMIT + 1));
  return take(api.POST('/v1/branding/logos', { body: { data }, headers: keyed(key) }));
}
