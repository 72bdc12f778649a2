import type { Client } from 'openapi-fetch';
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
  // AbortSignal.any and AbortSignal.timeout are younger than the browsers that we serve.
  const given = new AbortController();
  let late = false;
  const leave = () => given.abort();
  const timer = setTimeout(() => {
    late = true;
    leave();
  }, PATIENCE);
  request.signal.addEventListener('abort', leave);
  if (request.signal.aborted) leave();
  try {
    return await fetch(request, { signal: given.signal });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new ApiError({ code: 0, reason: late ? 'TIMEOUT' : 'NETWORK', message: String(cause), metadata: {} });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', leave);
  }
}

interface Asked {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
  body?: unknown;
  headers?: HeadersInit;
  credentials?: RequestCredentials;
  signal?: AbortSignal;
}

/** The address of a call: its variables filled in, and of the query what is there; a list by its name once for each. */
function address(path: string, { path: names = {}, query = {} }: NonNullable<Asked['params']> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(names[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, String(one));
    }
  }
  const said = search.toString();
  return `${globalThis.location?.origin ?? ''}${filled}${said && `?${said}`}`;
}

async function call(method: string, path: string, { params, body, headers: given, ...rest }: Asked = {}) {
  const headers = new Headers(given);
  // A form on a foreign page cannot set this header: the server takes it as proof of the same origin.
  headers.set('X-Requested-With', 'gonghui');
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (method === 'POST' && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', uuid());
  const init = { ...rest, method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await patient(new Request(address(path, params), init));
  if (!response.ok) throw await ApiError.read(response);
  const text = await response.text();
  return { data: text ? JSON.parse(text) : undefined, response };
}

const by = (method: string) => (path: string, asked?: Asked) => call(method, path, asked);

/**
 * One typed client of the whole API, same origin: the host says which body is meant. The types are openapi-fetch's; of what that
 * can do, this is the part that the API has.
 */
export const api = {
  GET: by('GET'),
  POST: by('POST'),
  PUT: by('PUT'),
  PATCH: by('PATCH'),
  DELETE: by('DELETE'),
} as unknown as Pick<Client<paths>, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>;

/** take waits for a call and returns its answer; anything but success throws an {@link ApiError}. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<Full<T>> {
  const { data } = await call;
  return data as Full<T>;
}

/** keyed are the headers that make a repeated POST count once. */
export function keyed(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}
