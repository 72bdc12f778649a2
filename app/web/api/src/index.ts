export { api, type Full, keyed, onStepUp, type Prover, proved, type Schemas, take } from './client.ts';
export { ApiError, asApiError, type ErrorBody } from './error.ts';
export { createPasskey, signWithPasskey } from './passkey.ts';
export { passkeysHere } from './passkeysHere.ts';
export { solving } from './puzzle.ts';
export { type Sending, sendFile, stopped } from './sendFile.ts';
export { uuid } from './uuid.ts';
export { type Locale, wording } from './words.ts';
