#!/usr/bin/env node
// Stands between playwright and Debian's Firefox: starts it with the arguments given, and passes on what the two say to each other.
// playwright speaks a newer WebDriver BiDi than a Firefox with long support: the words of it that this one does not know yet are
// answered here, as done. All of them dress the page up (dark, high contrast); no journey with Firefox asks for that.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { WebSocket, WebSocketServer } = createRequire(new URL('../../../web/package.json', import.meta.url))('ws');

const unknown = new Set(['emulation.setMediaFeaturesOverride']);
const FIREFOX = '/usr/lib/firefox-esr/firefox-esr';

const firefox = spawn(FIREFOX, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'pipe'] });
firefox.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => firefox.kill(signal));

/** Opens a port that is the port of the browser, but for the words it does not know; returns its address. */
async function between(address) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await new Promise((listening) => server.once('listening', listening));
  server.on('connection', (asking, { url }) => {
    const answering = new WebSocket(address + url, { perMessageDeflate: false });
    const early = [];
    const pass = (text) => (answering.readyState === WebSocket.OPEN ? answering.send(text) : early.push(text));
    answering.on('open', () => {
      for (const text of early) answering.send(text);
    });
    answering.on('message', (raw) => asking.send(String(raw)));
    answering.on('error', () => asking.terminate());
    answering.on('close', () => asking.close());
    asking.on('close', () => answering.close());
    asking.on('message', (raw) => {
      const text = String(raw);
      const { id, method } = JSON.parse(text);
      if (unknown.has(method)) asking.send(JSON.stringify({ type: 'success', id, result: {} }));
      else pass(text);
    });
  });
  return `ws://127.0.0.1:${server.address().port}`;
}

for await (const line of createInterface({ input: firefox.stderr })) {
  const [, address] = line.match(/^WebDriver BiDi listening on (ws:\S+)/) ?? [];
  process.stderr.write(`${address ? `WebDriver BiDi listening on ${await between(address)}` : line}\n`);
}
