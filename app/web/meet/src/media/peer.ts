import type { Source } from '../signal/messages.ts';
import { cameraLayers, fitted, screenLayers, worthSending } from './layers.ts';
import { configuration } from './relays.ts';
import { asking, tuned } from './sdp.ts';
import { encoding, isPlainVP9 } from './svc.ts';

export interface PeerOptions {
  /** Places for voices; the server lets as many through as it has. */
  voices: number;
  /** Places for pictures. */
  pictures: number;
  /** Whether the person may send at all. */
  sends: boolean;
  /** The camera is sent as one stream with layers. */
  layered: boolean;
  /** Relays to be known from the beginning. */
  relays: readonly RTCIceServer[];
  /** Offers to the server and brings its answer. `fresh`: a new connection in the place of the one before. */
  offer: (offer: { sdp: string; fresh: boolean; sources: Record<string, Source> }) => Promise<string>;
  /** A track comes on a line (mid). */
  track: (mid: string, track: MediaStreamTrack) => void;
  /** The state of the connection has changed. */
  state: (state: RTCPeerConnectionState) => void;
}

/** What a browser is asked to send pictures as, the first that both sides know. */
const wantedCodecs = ['video/vp8', 'video/vp9', 'video/h264', 'video/rtx'];

/** Codecs of a kind in the order wanted; those that the server does not forward are left out, so that offers stay short. */
function preferred(kind: 'audio' | 'video'): RTCRtpCodec[] {
  const all = RTCRtpSender.getCapabilities?.(kind)?.codecs ?? [];
  if (kind === 'audio') {
    // RED carries each bit of sound twice (RFC 2198): taken where the server forwards it.
    const of = (mime: string) => all.filter((codec) => codec.mimeType.toLowerCase() === mime);
    return [...of('audio/red'), ...of('audio/opus')];
  }
  const rank = (codec: RTCRtpCodec) => wantedCodecs.indexOf(codec.mimeType.toLowerCase());
  return all.filter((codec) => rank(codec) >= 0).sort((a, b) => rank(a) - rank(b));
}

function prefer(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video', layered = false): void {
  const codecs = preferred(kind);
  if (layered) codecs.sort((a, b) => Number(isPlainVP9(b)) - Number(isPlainVP9(a)));
  // A browser that refuses them offers what it has; the server takes what it knows.
  if (codecs.length > 0)
    try {
      transceiver.setCodecPreferences?.(codecs);
    } catch {
      return;
    }
}

/**
 * The one connection of a participant. It offers a line for each thing that is sent and one for each place at which somebody is heard
 * or seen; what goes through a place is said elsewhere (show), so that nothing is negotiated again when people come and go.
 */
export class Peer {
  readonly connection: RTCPeerConnection;
  /** Lines on which pictures come. They are known after the first offer. */
  pictures: string[] = [];
  readonly #options: PeerOptions;
  readonly #sent = new Map<Source, RTCRtpTransceiver>();
  readonly #wanted = new Map<string, number>();
  #fresh = true;
  #negotiating: Promise<void> = Promise.resolve();

  constructor(options: PeerOptions) {
    this.#options = options;
    this.connection = new RTCPeerConnection(configuration(options.relays));
    this.connection.ontrack = ({ transceiver, track }) => {
      if (transceiver.mid !== null) options.track(transceiver.mid, track);
    };
    this.connection.onconnectionstatechange = () => options.state(this.connection.connectionState);
    // Voices come first: the server fills the places in the order of the lines.
    for (let i = 0; i < options.voices; i++) this.#receive('audio');
    for (let i = 0; i < options.pictures; i++) this.#receive('video');
    if (options.sends) {
      this.#send('microphone');
      this.#send('camera');
    }
  }

  #receive(kind: 'audio' | 'video'): void {
    const transceiver = this.connection.addTransceiver(kind, { direction: 'recvonly' });
    prefer(transceiver, kind);
  }

  #send(source: Source): RTCRtpTransceiver {
    const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
    const layers = { camera: cameraLayers, screen: screenLayers, microphone: [], 'screen-sound': [] }[source];
    const transceiver = this.connection.addTransceiver(kind, {
      direction: 'sendonly',
      ...(this.#inLayers(source) && { sendEncodings: [encoding(3)] }),
      ...(layers.length > 0 && !this.#inLayers(source) && { sendEncodings: layers.map((layer) => ({ ...layer })) }),
    });
    prefer(transceiver, kind, this.#inLayers(source));
    this.#sent.set(source, transceiver);
    return transceiver;
  }

  /** Whether a source goes as one stream with layers. */
  #inLayers(source: Source): boolean {
    return this.#options.layered && source === 'camera';
  }

  /** sources are the lines that send, as the server wants them named. */
  #sources(): Record<string, Source> {
    const named: Record<string, Source> = {};
    for (const [source, { mid }] of this.#sent) if (mid !== null) named[mid] = source;
    return named;
  }

  /** Offers anew: for the first time, with another line, or (restart) from another network. One at a time. */
  negotiate(restart = false): Promise<void> {
    const next = this.#negotiating.catch(() => undefined).then(() => this.#negotiate(restart));
    this.#negotiating = next;
    return next;
  }

  async #negotiate(restart: boolean): Promise<void> {
    const { connection } = this;
    if (connection.signalingState === 'closed') return;
    const offer = await connection.createOffer({ iceRestart: restart });
    try {
      await connection.setLocalDescription({ type: 'offer', sdp: asking(offer.sdp ?? '') });
    } catch {
      // A browser that lets nobody change its words has its own.
      await connection.setLocalDescription(offer);
    }
    // The server listens at addresses that it names in its answer, and learns ours from what comes: no candidates are waited for.
    const sources = this.#sources();
    try {
      const sdp = await this.#options.offer({
        sdp: connection.localDescription?.sdp ?? '',
        fresh: this.#fresh,
        sources,
      });
      if (this.closed) return;
      await connection.setRemoteDescription({ type: 'answer', sdp: tuned(sdp, sources) });
    } catch (thrown) {
      if (!this.closed) await connection.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
      throw thrown;
    }
    if (this.#fresh) for (const source of this.#sent.keys()) await this.#active(source);
    this.#fresh = false;
    this.pictures = connection
      .getTransceivers()
      .filter((one) => one.receiver.track.kind === 'video' && one.direction === 'recvonly' && one.mid !== null)
      .map((one) => one.mid as string);
  }

  /** reach makes relays known, to be used from the next search for a way (negotiate) on. */
  reach(relays: readonly RTCIceServer[]): void {
    if (!this.closed) this.connection.setConfiguration(configuration(relays));
  }

  get closed(): boolean {
    return this.connection.signalingState === 'closed';
  }

  /** put sends a track as a source, or nothing; a line that is not there yet is offered. */
  async put(source: Source, track: MediaStreamTrack | null): Promise<void> {
    const known = this.#sent.get(source);
    if (!known && !track) return;
    const transceiver = known ?? this.#send(source);
    await transceiver.sender.replaceTrack(track);
    if (!known) await this.negotiate();
    await this.#active(source);
  }

  /** want takes up how high a picture of ours is shown at most, so that no layer is made that nobody sees. */
  async want(source: string, height: number): Promise<void> {
    this.#wanted.set(source, height);
    if (source === 'camera' || source === 'screen') await this.#active(source);
  }

  /** Sets the layers of a source to the size of its picture and to what is looked at. */
  async #active(source: Source): Promise<void> {
    const sender = this.#sent.get(source)?.sender;
    const usual = { camera: cameraLayers, screen: screenLayers, microphone: null, 'screen-sound': null }[source];
    const { width, height } = sender?.track?.getSettings() ?? {};
    if (!sender || !usual || !width || !height) return;
    const wanted = this.#wanted.get(source) ?? Number.POSITIVE_INFINITY;
    const parameters = sender.getParameters();
    if (this.#inLayers(source)) {
      const next = encoding(worthSending(usual, height, wanted).filter(Boolean).length);
      const [now] = parameters.encodings as ReturnType<typeof encoding>[];
      if (!now || (now.active === next.active && now.scalabilityMode === next.scalabilityMode)) return;
      Object.assign(now, next);
      await sender.setParameters(parameters).catch(() => undefined);
      return;
    }
    const layers = fitted(usual, width, height);
    const worth = worthSending(layers, height, wanted);
    let news = false;
    parameters.encodings.forEach((encoding, i) => {
      const layer = { ...layers[i], active: worth[i] ?? false };
      news ||= encoding.active !== layer.active || encoding.scaleResolutionDownBy !== layer.scaleResolutionDownBy;
      Object.assign(encoding, layer);
    });
    // Two changes at once: the later one wins.
    if (news) await sender.setParameters(parameters).catch(() => undefined);
  }

  close(): void {
    this.connection.ontrack = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }
}
