// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, keyed, onStepUp, take } from './client.ts';
import { ApiError } from './error.ts';

const calls: Request[] = [];
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  calls.length = 0;
  vi.stubGlobal('fetch', async (request: Request) => {
    calls.push(request);
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

test('a GET says where it comes from and carries no key', async () => {
  answer = () => Response.json({ name: 'x' });
  expect(await take(api.GET('/v1/me'))).toEqual({ name: 'x' });
  expect(calls[0]?.headers.get('X-Requested-With')).toBe('gonghui');
  expect(calls[0]?.headers.has('Idempotency-Key')).toBe(false);
});

test('a POST carries a fresh key, or the one of the act', async () => {
  answer = () => Response.json({});
  const body = { name: 'a' };
  await api.POST('/v1/depts', { body });
  await api.POST('/v1/depts', { body });
  await api.POST('/v1/depts', { body, headers: keyed('k') });
  const keys = calls.map((c) => c.headers.get('Idempotency-Key'));
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(keys[1]).not.toBe(keys[0]);
  expect(keys[2]).toBe('k');
});

test.each([
  ['a verb after an id', '/v1/members/{id}:end', 'http://localhost:3000/v1/members/7:end'],
  ['a resource', '/v1/members/{id}:restore', 'http://localhost:3000/v1/members/7:restore'],
] as const)('%s keeps its colon', async (_, path, url) => {
  answer = () => Response.json({});
  await api.POST(path, { params: { path: { id: '7' } }, body: { id: '7' } as never });
  expect(calls[0]?.url).toBe(url);
});

test('the query has what is there: lists by name, nothing for what is missing', async () => {
  answer = () => Response.json({});
  const query = { q: 'a b&c', pageSize: 20, states: ['x', 'y'], pageToken: undefined, own: false };
  await api.GET('/v1/members', { params: { query: query as never } });
  expect(calls[0]?.url).toBe('http://localhost:3000/v1/members?q=a+b%26c&pageSize=20&states=x&states=y&own=false');
});

test('an id is one segment of the path, and an empty answer is none', async () => {
  answer = () => new Response('');
  expect(await take(api.GET('/v1/members/{id}', { params: { path: { id: '../x?y' } } }))).toBeUndefined();
  expect(calls[0]?.url).toBe('http://localhost:3000/v1/members/..%2Fx%3Fy');
});

test('who gives a call up hears nothing of the network; who waits too long does', async () => {
  const hang = (signal: AbortSignal) =>
    new Promise<Response>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
  vi.stubGlobal('fetch', (_: Request, init: RequestInit) => hang(init.signal as AbortSignal));
  const giveUp = new AbortController();
  const given = api.GET('/v1/me', { signal: giveUp.signal }).catch((e: unknown) => e);
  giveUp.abort();
  expect(await given).not.toBeInstanceOf(ApiError);
  vi.useFakeTimers();
  const late = api.GET('/v1/me').catch((e: unknown) => e);
  await vi.advanceTimersByTimeAsync(31_000);
  vi.useRealTimers();
  expect(await late).toMatchObject({ code: 0, reason: 'TIMEOUT' });
});

const bad = (status: number, body: unknown, headers?: Record<string, string>) => () =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

test.each([
  [
    'bad input names the field and brings its sentence',
    bad(400, {
      code: 400,
      reason: 'INVALID_ARGUMENT',
      message: 'm',
      metadata: { field: 'fields.idNumber', zh: '\u9519', en: 'wrong' },
    }),
    { code: 400, reason: 'INVALID_ARGUMENT', field: 'fields.idNumber', en: 'Wrong' },
  ],
  [
    'metadata fills the wording',
    bad(429, { code: 429, reason: 'SIGN_IN_LOCKED', message: '', metadata: { retry_after: '60' } }),
    { reason: 'SIGN_IN_LOCKED', en: 'Too many failed attempts. Try again in 60 seconds.' },
  ],
  ['a page of a proxy', bad(502, '<html>', { 'X-Request-Id': 'r1' }), { code: 502, reason: 'INTERNAL', traceId: 'r1' }],
  ['an expired session', bad(401, ''), { reason: 'SESSION_REQUIRED' }],
] as const)('%s', async (_, reply, want) => {
  answer = reply;
  const error = await take(api.GET('/v1/me')).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ApiError);
  const { en, ...rest } = want as Record<string, unknown> & { en?: string };
  expect(error).toMatchObject(rest);
  if (en) expect((error as ApiError).text('en')).toBe(en);
});

test('no network is an error with a name', async () => {
  answer = () => Promise.reject(new TypeError('fetch failed'));
  const error = await take(api.GET('/v1/me')).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 0, reason: 'NETWORK', transient: true });
});

const stale = () =>
  Response.json({ code: 403, reason: 'STEP_UP_REQUIRED', message: '', metadata: {} }, { status: 403 });

test('acts that want a fresh proof ask once and go on, with body and key as they were', async () => {
  let fresh = false;
  let asked = 0;
  const stop = onStepUp(async () => {
    asked++;
    await Promise.resolve();
    fresh = true;
    return true;
  });
  answer = () => (fresh ? Response.json({ url: 'u' }) : stale());
  const act = (phone: string) => take(api.POST('/v1/invitations', { body: { phone, name: 'n', role: 'admin' } }));
  expect(await Promise.all([act('1'), act('2')])).toEqual([{ url: 'u' }, { url: 'u' }]);
  expect(asked).toBe(1);
  expect(calls).toHaveLength(4);
  const sent = await Promise.all(calls.map(async (c) => [c.headers.get('Idempotency-Key'), await c.text()]));
  expect(sent[2]).toEqual(sent[0]);
  expect(sent[3]).toEqual(sent[1]);
  stop();
});

test('who would rather not prove it is refused', async () => {
  answer = stale;
  const stop = onStepUp(async () => false);
  const error = await take(api.GET('/v1/me')).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 403, reason: 'STEP_UP_REQUIRED' });
  expect(calls).toHaveLength(1);
  stop();
});
