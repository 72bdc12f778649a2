export { api, type Full, keyed, type Schemas, take } from './client.ts';
export { ApiError, asApiError, type ErrorBody } from './error.ts';
export { type Locale, reasons, wording } from './reasons.ts';
export { uuid } from './uuid.ts';
