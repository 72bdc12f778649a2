// Debian's Firefox, with long support, as another participant.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { firefox } = createRequire(new URL('../../../web/package.json', import.meta.url))('playwright-core');

/** Cameras that are made up, and addresses told as they are: what its windows send must find this machine's own server. */
const preferences = {
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.getdisplaymedia.enabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.autoplay.block-webaudio': false,
  'network.dns.localDomains': '',
  'app.update.enabled': false,
};

/** Starts it. */
export function launchFirefox() {
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: fileURLToPath(new URL('firefox-relay.mjs', import.meta.url)),
    firefoxUserPrefs: preferences,
  });
}
