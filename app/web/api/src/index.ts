export { api, type Full, keyed, onStepUp, type Prover, proved, type Schemas, take } from './client.ts';
export { ApiError, asApiError, type ErrorBody } from './error.ts';
export { createPasskey, passkeysHere, signWithPasskey } from './passkey.ts';
export { solving } from './puzzle.ts';
export { type Locale, reasons, wording } from './reasons.ts';
export { uuid } from './uuid.ts';
