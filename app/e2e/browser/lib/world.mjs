// The running product as a browser sees it.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');

export const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What browser_test.go says of the product: base, password, accounts, invitations. */
export const world = JSON.parse(process.env.WORLD);

const shots = fileURLToPath(new URL('../shots/', import.meta.url));
mkdirSync(shots, { recursive: true });
export const shotPath = (name) => `${shots}${name}.png`;

/** Milliseconds after which something that should be on screen is missed. */
export const PATIENCE = 40_000;

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/**
 * Menus, dialogs, drawers and what a form says of a field, while they come or go: nothing is pressed meanwhile. Playwright would push
 * the page about to get at what moves, and a menu slips from under the press; a field slips when the line above it goes.
 */
const MOVING = ['slide', 'zoom', 'panel', 'show-help']
  .flatMap((what) =>
    ['enter', 'appear', 'leave'].map((way) => `[class*="ant-"][class*="${what}-"][class*="-${way}-active"]`),
  )
  .join();

/** The address of a page on the host of a body or of supervision. */
export const at = (host, path = '/') => `http://${host}.${world.base}${path}`;

/** A published account, by role and the body it belongs to. */
export function account(role, body) {
  const found = world.accounts.find((a) => a.Role === role && a.Body === body);
  if (!found) throw new Error(`no ${role} of ${body}`);
  return found;
}

const common = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/**
 * A browser with a profile in a folder, as people have it: in one without, nothing can be installed.
 */
export function launchKept(folder) {
  return chromium.launchPersistentContext(folder, {
    executablePath: '/usr/bin/chromium',
    args: common,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: phone,
  });
}

/** A browser of its own; more arguments, such as those of a camera, go behind the common ones. */
export function launch(args = [], executablePath = '/usr/bin/chromium') {
  return chromium.launch({
    executablePath,
    args: [...common, ...args],
  });
}

/**
 * A journey is one test with a browser of its own; its steps follow each other, and after a failed one the rest is left
 * out. What was on screen then is kept as a picture. args are more arguments of the browser; a page of another browser is opened by
 * naming that one (from).
 */
export function journey(title, walk, args = []) {
  test(title, { timeout: 900_000 }, async (t) => {
    const browser = await launch(args);
    let failed = false;
    const pages = [];
    const open = async (options = {}) => {
      const { look = {}, from = browser, ...rest } = options;
      const context = await from.newContext({
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        viewport: desktop,
        ...rest,
      });
      context.setDefaultTimeout(PATIENCE);
      if (Object.keys(look).length > 0) {
        await context.addInitScript((entries) => {
          for (const [key, value] of entries) localStorage.setItem(`gonghui.${key}`, value);
        }, Object.entries(look));
      }
      const page = await context.newPage();
      const moving = page.locator(MOVING).filter({ visible: true });
      const done = (some) => [...document.querySelectorAll(some)].every((one) => !one.checkVisibility());
      await page.addLocatorHandler(moving.first(), () => page.waitForFunction(done, MOVING), { noWaitAfter: true });
      pages.push(page);
      return page;
    };
    const step = async (name, run) => {
      await t.test(name, { skip: failed && 'an earlier step failed' }, async () => {
        try {
          await run();
        } catch (error) {
          failed = true;
          const stem = `failed-${title}-${name}`.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
          for (const [i, page] of pages.entries()) {
            if (!page.isClosed()) await page.screenshot({ path: shotPath(`${stem}-${i}`) }).catch(() => {});
          }
          throw error;
        }
      });
    };
    try {
      await walk({ browser, open, step });
    } finally {
      await browser.close();
    }
  });
}

/** Fills in the sign-in form that is on screen. */
export async function fillSignIn(page, number, password = world.password) {
  await page.getByLabel('手机号', { exact: true }).fill(number);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

/** Signs a person in without the form, on the host of the page, and opens a path. */
export async function signedIn(page, host, number, path, password = world.password) {
  // A plain text file of the host: an origin to send from, and no app that would draw itself meanwhile.
  await page.goto(at(host, '/healthz'));
  const status = await sendSolved(page, 'POST', '/v1/session:signIn', { phone: number, password });
  if (status.code !== 200)
    throw new Error(`sign-in of ${number} on ${host}: ${status.code} ${JSON.stringify(status.body)}`);
  if (status.body.me.consentDue) await agree(page);
  await page.goto(at(host, path));
}

/** A member asks for a code on the page that is open, and enters it. */
export async function byCode(page, number) {
  await page.getByLabel('手机号', { exact: true }).fill(number);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('6 位验证码已发送到').waitFor();
  // As pasted out of the message.
  await page.getByLabel('验证码', { exact: true }).fill(`验证码 ${await codeFor(page, number, 'sign_in')}`);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

/** Solves the puzzle that the server asks for after several failures, as the apps do. */
export function solve({ puzzle, bits, parts }) {
  const solution = [puzzle];
  for (let part = 0; part < Number(parts); part++) {
    for (let n = 0; ; n++) {
      const hash = createHash('sha256').update(`${puzzle}.${part}.${n}`).digest();
      if (hash.readUInt32BE(0) >>> (32 - Number(bits)) !== 0) continue;
      solution.push(n);
      break;
    }
  }
  return solution.join(':');
}

/** Calls the API from the page, with the page's session. */
export function send(page, method, path, body) {
  return page.evaluate(
    async ([verb, to, content]) => {
      const reply = await fetch(to, {
        method: verb,
        headers: {
          'Content-Type': 'application/json',
          'X-Requested-With': 'gonghui',
          'Idempotency-Key': String(Math.random()),
        },
        body: content === undefined ? undefined : JSON.stringify(content),
      });
      return { code: reply.status, body: await reply.json().catch(() => null) };
    },
    [method, path, body],
  );
}

/**
 * send for the ways in: where the server wants a puzzle solved first, it is solved, as the apps do it. All journeys come from
 * one address, so the failures of one are those of the others.
 */
export async function sendSolved(page, method, path, body) {
  const first = await send(page, method, path, body);
  if (first.body?.reason !== 'CAPTCHA_REQUIRED') return first;
  return send(page, method, path, { ...body, captcha: solve(first.body.metadata) });
}

/** Agrees to the terms in force, for who is signed in on the page. */
export async function agree(page) {
  const { body } = await send(page, 'GET', '/v1/legal/terms');
  await send(page, 'POST', '/v1/own/consent', { version: body.version });
}

/** The newest code that was sent to a phone for a purpose, out of the inbox of the demo system. */
export async function codeFor(page, number, purpose) {
  const { body } = await send(page, 'GET', '/v1/dev/messages');
  const message = body.messages.find((m) => m.phone === number && m.template === purpose);
  if (!message) throw new Error(`no code to ${purpose} for ${number}`);
  return message.params.code;
}
