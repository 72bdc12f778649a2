import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError } from './error.ts';
import type { components, paths } from './schema.d.ts';
import { uuid } from './uuid.ts';

/** Milliseconds after which a call without an answer is given up. */
const PATIENCE = 30_000;

/** The messages of the API by name, as the server sends them: every field is there, empty ones included. */
export type Schemas = { [K in keyof components['schemas']]: Full<components['schemas'][K]> };

/** Full makes every property of a message required, all the way down. */
export type Full<T> = T extends (infer U)[]
  ? Full<U>[]
  : T extends object
    ? { [K in keyof T]-?: Full<NonNullable<T[K]>> }
    : T;

const manners: Middleware = {
  onRequest({ request }) {
    // A form on a foreign page cannot set this header: the server takes it as proof of the same origin.
    request.headers.set('X-Requested-With', 'gonghui');
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', uuid());
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await ApiError.read(response);
    return response;
  },
};

/** Asks the person to prove who they are; false when they would rather not. */
export type Prover = () => Promise<boolean>;

let prover: Prover | null = null;
let proving: Promise<boolean> | null = null;

/** onStepUp says who asks for a fresh proof when the server wants one before an act. */
export function onStepUp(ask: Prover): () => void {
  prover = ask;
  return () => {
    if (prover === ask) prover = null;
  };
}

/** Calls that are refused together ask the person once. */
function prove(): Promise<boolean> {
  proving ??= (prover?.() ?? Promise.resolve(false)).finally(() => {
    proving = null;
  });
  return proving;
}

async function wantsProof(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { reason?: string } | null;
  return body?.reason === 'STEP_UP_REQUIRED';
}

/** proved sends a request and, when it is refused for want of a fresh proof, asks for one and sends it again. */
export async function proved(send: () => Promise<Response>): Promise<Response> {
  const response = await send();
  if (!(await wantsProof(response))) return response;
  return (await prove()) ? send() : response;
}

const patient = (request: Request) => proved(() => send(request.clone()));

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]) });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    const late = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new ApiError({ code: 0, reason: late ? 'TIMEOUT' : 'NETWORK', message: String(cause), metadata: {} });
  }
}

/** One typed client of the whole API, same origin: the host says which body is meant. */
export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: patient });
api.use(manners);

/** take waits for a call and returns its answer; anything but success throws an {@link ApiError}. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<Full<T>> {
  const { data } = await call;
  return data as Full<T>;
}

/** keyed are the headers that make a repeated POST count once. */
export function keyed(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}
