/**
 * What the microphone is asked to do: errors are mended from the packets themselves. Silence is sent, too: of a pause that is told by one
 * packet in 400 ms nothing mends the loss. The server passes on the loudest alone.
 */
const wanted: Record<string, string> = { useinbandfec: '1', usedtx: '0', stereo: '0', maxaveragebitrate: '32000' };

/** Shared sound is music and film: stereo, and it never pauses. */
const wantedOfScreen: Record<string, string> = {
  useinbandfec: '1',
  usedtx: '0',
  stereo: '1',
  'sprop-stereo': '1',
  maxaveragebitrate: '96000',
};

/**
 * tuned changes how Opus is sent on the lines named, in an answer before the browser takes it: a browser sends as the other side's
 * parameters (RFC 7587, 7) say. Lines that are not named stay as they are.
 */
export function tuned(answer: string, sources: Readonly<Record<string, string>>): string {
  const parts = answer.split(/(?=^m=)/m);
  return parts
    .map((part) => {
      const mid = /^a=mid:(\S+)/m.exec(part)?.[1] ?? '';
      const source = sources[mid];
      if (!part.startsWith('m=audio') || !source) return part;
      const opus = /^a=rtpmap:(\d+) opus\//im.exec(part)?.[1];
      if (!opus) return part;
      return withParameters(part, opus, source === 'screen-sound' ? wantedOfScreen : wanted);
    })
    .join('');
}

/**
 * asking offers, on the lines that send sound with that of earlier packets (RED), that the server may ask for what it misses: browsers
 * repeat sound when they are asked, but do not say so by themselves.
 */
export function asking(offer: string): string {
  return offer
    .split(/(?=^m=)/m)
    .map((part) => {
      if (!part.startsWith('m=audio') || !/^a=sendonly/m.test(part) || !/^a=rtpmap:\d+ red\//im.test(part)) return part;
      return part.replace(
        /^(a=rtpmap:(\d+) opus\/[^\r\n]*)(\r?\n)(?!a=rtcp-fb:\2 nack\r?\n)/gim,
        '$1$3a=rtcp-fb:$2 nack$3',
      );
    })
    .join('');
}

function withParameters(part: string, payload: string, parameters: Record<string, string>): string {
  const line = new RegExp(`^a=fmtp:${payload} ([^\\r\\n]*)`, 'm');
  const given = line.exec(part)?.[1] ?? '';
  const all = new Map(
    given
      .split(';')
      .map((one) => one.trim().split('='))
      .filter(([name]) => name)
      .map(([name = '', value = '']) => [name, value]),
  );
  for (const [name, value] of Object.entries(parameters)) all.set(name, value);
  const said = `a=fmtp:${payload} ${[...all].map(([name, value]) => (value ? `${name}=${value}` : name)).join(';')}`;
  if (line.test(part)) return part.replace(line, said);
  return part.replace(new RegExp(`^(a=rtpmap:${payload} [^\\r\\n]*)(\\r?\\n)`, 'm'), `$1$2${said}$2`);
}
