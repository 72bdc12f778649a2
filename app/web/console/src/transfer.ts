import { ApiError, asApiError, proved, type Schemas, uuid } from '@gonghui/api';

type Import = Schemas['Import'];

/** A file on its way to the server; done once it is answered, refused with an ApiError. */
export interface Upload {
  done: Promise<Import>;
  cancel: () => void;
}

/**
 * Sends a roster. fetch cannot say how much of a body has gone out, hence XMLHttpRequest. The key makes a repetition after
 * a lost answer lead to the same import.
 */
export function upload(file: File, key: string, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Import>((resolve, reject) => {
    request.open('POST', `/v1/imports?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('X-Requested-With', 'gonghui');
    request.setRequestHeader('Idempotency-Key', key);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      const response = new Response(request.responseText, {
        status: request.status,
        headers: { 'X-Request-Id': request.getResponseHeader('X-Request-Id') ?? '' },
      });
      if (response.ok) response.json().then(resolve, reject);
      else ApiError.read(response).then(reject, reject);
    };
    request.onerror = () => reject(new ApiError({ code: 0, reason: 'NETWORK', message: '', metadata: {} }));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

/** Whether a rejection of {@link upload} or {@link download} says no more than that the person stopped it. */
export function stopped(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
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
