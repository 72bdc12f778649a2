// Chromium 83 by its own protocol: it is too old for what drives the other journeys.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE, shotPath, world } from './world.mjs';

const { WebSocket } = createRequire(new URL('../../../web/package.json', import.meta.url))('ws');

/**
 * Serves the product over TLS: a browser of that age keeps no Secure cookie of a plain address, not even of localhost. The
 * answer's port stands in for the product's.
 */
async function secured(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=gonghui.localhost', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  const port = world.base.split(':')[1];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (from, to) => {
    const { method, url: path, headers } = from;
    const passed = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
    passed.on('error', () => to.destroy());
    from.pipe(passed);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

/** Starts the browser and a page in it, the size of a phone. */
export async function oldBrowser() {
  const folder = mkdtempSync(join(tmpdir(), 'gonghui-old-'));
  const server = await secured(folder);
  const path = fileURLToPath(new URL('../../../../bin/tools/chromium-83', import.meta.url));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--single-process',
    '--no-zygote',
    '--disable-gpu',
    '--ignore-certificate-errors',
  ];
  const browser = spawn(
    path,
    [...flags, '--lang=zh-CN', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LANGUAGE: 'zh_CN' } },
  );
  const ended = new Promise((done) => browser.on('exit', done));
  const address = await new Promise((found, fail) => {
    let said = '';
    browser.stderr.on('data', (chunk) => {
      said += chunk;
      const [, url] = said.match(/listening on (ws:\S+)/) ?? [];
      if (url) found(url);
    });
    ended.then(() => fail(new Error(`the browser ended: ${said}`)));
  });
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise((open, fail) => socket.on('open', open).on('error', fail));
  const waiting = new Map();
  const heard = [];
  let last = 0;
  let sessionId;
  const send = (method, params = {}) =>
    new Promise((done, fail) => {
      const id = ++last;
      const late = setTimeout(() => fail(new Error(`${method}: no answer`)), PATIENCE);
      const settled = (settle) => (value) => {
        clearTimeout(late);
        settle(value);
      };
      waiting.set(id, { done: settled(done), fail: settled(fail), method });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  socket.on('close', () => {
    for (const { fail, method } of waiting.values()) fail(new Error(`${method}: the browser is gone`));
    waiting.clear();
  });
  socket.on('message', (raw) => {
    const { id, result, error, method, params } = JSON.parse(raw);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.fail(new Error(`${asked.method}: ${error.message}`));
    else asked?.done(result);
    if (method === 'Fetch.requestPaused') void answered(params);
    if (method === 'Runtime.exceptionThrown') {
      heard.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    }
    // A refused call is part of many journeys; the word for WebAssembly in the policy is younger than this browser.
    const known = /status of 4\d\d|wasm-unsafe-eval/;
    if (method === 'Log.entryAdded' && params.entry.level === 'error' && !known.test(params.entry.text)) {
      heard.push(params.entry.text);
    }
  });
  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`);
  const userAgent = (await send('Browser.getVersion')).userAgent;
  await send('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: 'zh-CN' });
  await send('Emulation.setDeviceMetricsOverride', { width: 390, height: 844, deviceScaleFactor: 1, mobile: true });

  /** The value of an expression in the page. */
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  /** Waits until an expression in the page is true, and returns its value. */
  const until = async (expression) => {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const value = await evaluate(expression).catch(() => undefined); // between two pages there is none
      if (value) return value;
      if (Date.now() > end) {
        throw new Error(
          `not within ${PATIENCE} ms: ${expression}\n${await evaluate('document.body.innerText')}\n${heard.join('\n')}`,
        );
      }
      await new Promise((wait) => setTimeout(wait, 50));
    }
  };
  let instead = null;
  const answered = ({ requestId, request: { url } }) => {
    const { wanted, answer } = instead ?? {};
    if (!wanted?.test(url)) return send('Fetch.continueRequest', { requestId });
    if (answer.errorReason) return send('Fetch.failRequest', { requestId, errorReason: answer.errorReason });
    const headers = [{ name: 'Content-Type', value: 'text/javascript' }];
    return send('Fetch.fulfillRequest', {
      requestId,
      responseCode: answer.responseCode,
      responseHeaders: headers,
      body: Buffer.from(answer.body).toString('base64'),
    });
  };
  const words = (text) => JSON.stringify(text);
  return {
    heard,
    evaluate,
    until,
    send,
    /** What is on the page in words. */
    text: () => evaluate('document.body.innerText'),
    at: (host, to = '/') => `https://${host}.gonghui.localhost:${server.address().port}${to}`,
    goto: (url) => send('Page.navigate', { url }),
    /** Waits until the page says something. */
    says: (text) => until(`document.body && document.body.innerText.includes(${words(text)})`),
    /** Presses what is called so: a button, a link, a tick. */
    press: (name) =>
      until(`(() => {
        const all = [...document.querySelectorAll('button, a, [role=switch], label')];
        const one = all.find((e) => !e.disabled && (e.getAttribute('aria-label') || e.innerText).trim().startsWith(${words(name)}));
        if (one) one.click();
        return !!one;
      })()`),
    /** Types into the field of a label, as a person does. */
    fill: async (label, value) => {
      await until(`(() => {
        const l = [...document.querySelectorAll('label')].find((e) => e.innerText.trim() === ${words(label)});
        const field = l && document.getElementById(l.htmlFor);
        if (field) { field.focus(); field.select(); }
        return !!field;
      })()`);
      await send('Input.insertText', { text: value });
    },
    /** Has the browser hear something else than the product's answer for some addresses; null for the product again. */
    intercept: async (wanted, answer) => {
      instead = wanted && { wanted, answer };
      await send(wanted ? 'Fetch.enable' : 'Fetch.disable', wanted ? { patterns: [{ urlPattern: '*' }] } : {});
    },
    shot: async (name) => {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      writeFileSync(shotPath(name), Buffer.from(data, 'base64'));
    },
    close: async () => {
      socket.terminate();
      browser.kill('SIGKILL');
      await ended;
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
