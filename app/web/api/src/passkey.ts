import { ApiError } from './error.ts';
import { learn } from './words.ts';

const bytes = (text: string): ArrayBuffer => {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0)).buffer;
};

const text = (buffer: ArrayBuffer | null): string | undefined =>
  buffer
    ? btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replace(/\+/g, '-')
        .replace(/\//g, '_')
        .replace(/=+$/, '')
    : undefined;

async function refusal(cause: unknown): Promise<ApiError> {
  const known = cause instanceof DOMException && cause.name === 'InvalidStateError';
  const reason = known ? 'PASSKEY_LIMIT' : 'PASSKEY_CANCELLED';
  await learn(reason);
  return new ApiError({ code: 400, reason, message: String(cause), metadata: {} });
}

interface Descriptor {
  id: string;
  type: 'public-key';
  transports?: AuthenticatorTransport[];
}

const described = (all: Descriptor[] | undefined) => all?.map((one) => ({ ...one, id: bytes(one.id) }));

/** Makes a passkey for the options of the server, and returns what the server wants to see of it, both as JSON. */
export async function createPasskey(options: string): Promise<string> {
  const asked = JSON.parse(options);
  try {
    const made = (await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: described(asked.excludeCredentials),
      },
    })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    return JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      authenticatorAttachment: made.authenticatorAttachment ?? undefined,
      clientExtensionResults: made.getClientExtensionResults(),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports?.() ?? [],
      },
    });
  } catch (cause) {
    throw await refusal(cause);
  }
}

/** Lets a passkey sign the options of the server, and returns its answer, both as JSON. */
export async function signWithPasskey(options: string): Promise<string> {
  const asked = JSON.parse(options);
  try {
    const used = (await navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        allowCredentials: described(asked.allowCredentials),
      },
    })) as PublicKeyCredential;
    const response = used.response as AuthenticatorAssertionResponse;
    return JSON.stringify({
      id: used.id,
      rawId: text(used.rawId),
      type: used.type,
      authenticatorAttachment: used.authenticatorAttachment ?? undefined,
      clientExtensionResults: used.getClientExtensionResults(),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: text(response.userHandle),
      },
    });
  } catch (cause) {
    throw await refusal(cause);
  }
}
