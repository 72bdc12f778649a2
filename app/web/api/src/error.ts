import { type Locale, learn, wording } from './words.ts';

/** The body of every error answer. */
export interface ErrorBody {
  code: number;
  reason: string;
  message: string;
  metadata: Record<string, string>;
}

/** ApiError is a refused or failed call: an HTTP code (0 when no answer came) and a reason with a name. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly metadata: Record<string, string>;
  /** The request id of the server, for the person who looks into it. */
  readonly traceId: string;

  constructor(body: ErrorBody, traceId = '') {
    super(body.message || body.reason);
    this.name = 'ApiError';
    this.code = body.code;
    this.reason = body.reason;
    this.metadata = body.metadata;
    this.traceId = traceId || body.metadata.request || '';
  }

  static async read(response: Response): Promise<ApiError> {
    const trace = response.headers.get('X-Request-Id') ?? '';
    const body = (await response.json().catch(() => null)) as Partial<ErrorBody> | null;
    const reason = body?.reason || byStatus(response.status);
    await learn(reason);
    return new ApiError(
      {
        code: response.status,
        reason,
        message: body?.message ?? '',
        metadata: body?.metadata ?? {},
      },
      trace,
    );
  }

  /** The field that is wrong, as a path in the request: "fields.idNumber". Empty when the error is about no field. */
  get field(): string {
    return this.metadata.field ?? '';
  }

  /** What to tell the person, in words that say what to do. */
  text(locale: Locale): string {
    return wording(this.reason, this.metadata, locale);
  }

  /** Whether the same call may succeed when it is simply sent again. */
  get transient(): boolean {
    return this.code === 0 || this.code >= 500 || this.code === 429;
  }
}

/** A proxy or the edge may answer without a body of ours. */
function byStatus(status: number): string {
  switch (status) {
    case 401:
      return 'SESSION_REQUIRED';
    case 403:
      return 'FORBIDDEN';
    case 404:
      return 'NOT_FOUND';
    case 413:
      return 'BODY_TOO_LARGE';
    case 429:
      return 'RATE_LIMITED';
    case 408:
    case 504:
      return 'TIMEOUT';
    default:
      return 'INTERNAL';
  }
}

/** asApiError gives any thrown thing the shape of an ApiError. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError({ code: 500, reason: 'INTERNAL', message: String(thrown), metadata: {} });
}
