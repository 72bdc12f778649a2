import { ApiError, asApiError, proved, type Schemas, type Sending, sendFile, stopped, uuid } from '@gonghui/api';

export { stopped };

/** A roster on its way. */
export type Upload = Sending<Schemas['Import']>;

/** Sends a roster. The key makes a repetition after a lost answer lead to the same import. */
export function upload(file: File, key: string, progress: (share: number) => void): Upload {
  return sendFile(`/v1/imports?name=${encodeURIComponent(file.name)}`, file, key, progress);
}

/** Fetches a file and hands it to the browser to keep, under the name that the server gives it. Refusals are ApiErrors. */
export async function download(path: string, fallback: string, body?: object, signal?: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await proved(() =>
      fetch(path, {
        method: body ? 'POST' : 'GET',
        signal,
        headers: {
          'X-Requested-With': 'gonghui',
          ...(body && { 'Content-Type': 'application/json', 'Idempotency-Key': uuid() }),
        },
        body: body && JSON.stringify(body),
      }),
    );
    if (!response.ok) throw await ApiError.read(response);
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName(response.headers.get('Content-Disposition')) || fallback;
    link.click();
    // The browser has taken hold of the file by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (thrown) {
    if (stopped(thrown) || thrown instanceof ApiError) throw thrown;
    throw thrown instanceof TypeError
      ? new ApiError({ code: 0, reason: 'NETWORK', message: String(thrown), metadata: {} })
      : asApiError(thrown);
  }
}

/** The name in a Content-Disposition (RFC 6266), the encoded form first; empty when there is none. */
export function fileName(disposition: string | null): string {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return '';
    }
  }
  return disposition?.match(/filename="?([^";]+)"?/i)?.[1] ?? '';
}
