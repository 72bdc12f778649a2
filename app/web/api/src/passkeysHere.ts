/** Whether this browser, at this address, can hold passkeys: they need https, or localhost. */
export function passkeysHere(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && globalThis.isSecureContext;
}
