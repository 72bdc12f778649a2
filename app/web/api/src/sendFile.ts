import { ApiError } from './error.ts';

/** A file on its way to the server; done once it is answered, refused with an ApiError. */
export interface Sending<T> {
  done: Promise<T>;
  cancel: () => void;
}

/**
 * Sends a file as the body of a POST. fetch cannot say how much of a body has gone out, hence XMLHttpRequest. The key makes a repetition
 * after a lost answer count once.
 */
export function sendFile<T>(path: string, file: Blob, key: string, progress: (share: number) => void): Sending<T> {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.open('POST', path);
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

/** Whether a rejection of {@link sendFile} says no more than that the person stopped it. */
export function stopped(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}
