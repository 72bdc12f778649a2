// Every screen as a picture in shots/, and what every screen must keep to.
//
// The whole album (`make album`): Chinese and light at both sizes of all screens; English and dark of those marked with `more`, each at
// one size in turn, so that both languages, both modes and both sizes meet on every kind of page. The member app is taken in its elder
// version too. The short one, which every change must pass: each screen in Chinese and light at one size in turn, those with `more` once
// again as one of the other four.
import assert from 'node:assert/strict';
import { accessible, chinese, heard, overlaps, settle, sideways, watch } from './lib/look.mjs';
import {
  auditScreens,
  consoleScreens,
  emptyScreens,
  hqScreens,
  memberScreens,
  mergeScreens,
  officerScreens,
  refusedScreens,
  rightsScreens,
  strangerScreens,
} from './lib/screens.mjs';
import { account, at, desktop, journey, phone, send, shotPath, signedIn, world } from './lib/world.mjs';

const newcomer = { host: '150722', phone: '13847000722', password: 'molidawa-2026-gh' };
const admin = account('admin', '440103');

/** Who looks at which screens. */
const visits = [
  { host: admin.Host, who: null, screens: strangerScreens },
  { host: admin.Host, who: admin, screens: consoleScreens },
  { host: admin.Host, who: account('officer', '440103'), screens: officerScreens },
  { host: admin.Host, who: account('member', '440103'), screens: refusedScreens },
  { host: '440000', who: account('audit_admin', '440000'), screens: auditScreens },
  { host: newcomer.host, who: newcomer, screens: emptyScreens },
  { host: 'hq', who: account('system_admin', '000000'), screens: mergeScreens },
  { host: 'hq', who: account('admin', '440100'), screens: rightsScreens },
  { host: 'hq', who: account('supervisor', '000000'), screens: hqScreens },
  { host: admin.Host, who: account('member', '440103'), screens: memberScreens, elder: true },
];

const WHOLE = process.env.ALBUM === 'whole';

const odd = (n) => (_, i) => WHOLE || i % 2 === n;
const more = (n) => (screens) =>
  screens.filter((s) => s.more).filter((_, i) => i % (WHOLE ? 2 : 4) === (WHOLE ? n % 2 : n));

const looks = [
  { locale: 'zh', mode: 'light', viewport: desktop, of: (screens) => screens.filter(odd(0)) },
  { locale: 'zh', mode: 'light', viewport: phone, of: (screens) => screens.filter(odd(1)) },
  { locale: 'en', mode: 'light', viewport: desktop, of: more(0) },
  { locale: 'en', mode: 'light', viewport: phone, of: more(1) },
  { locale: 'zh', mode: 'dark', viewport: phone, of: more(2) },
  { locale: 'zh', mode: 'dark', viewport: desktop, of: more(3) },
];

/** Visits at the same time. */
const LANES = 3;

journey('shots', async ({ open, step }) => {
  const findings = [];
  let taken = 0;

  async function tour({ host, who, screens, elder }, look) {
    const page = await open({
      viewport: look.viewport,
      reducedMotion: 'reduce',
      hasTouch: look.viewport === phone,
      look: { locale: look.locale, mode: look.mode, ...(elder ? { elder: 'on' } : {}) },
    });
    const { faults } = watch(page);
    const data = heard(page);
    const w = (zh, en) => (look.locale === 'zh' ? zh : en);
    if (who) await signedIn(page, host, who.Phone ?? who.phone, '/healthz', who.password);
    for (const screen of screens) {
      const name = `${screen.name}.${look.locale}-${elder ? 'elder-' : ''}${look.mode}-${look.viewport.width}`;
      const note = (what) => findings.push(`${name}: ${what}`);
      try {
        await page.goto(at(host, screen.path));
        await page.getByRole('heading').first().waitFor();
        await settle(page);
        await screen.go?.(page, w);
        await settle(page);
      } catch (error) {
        note(`not reached: ${error.message.split('\n')[0]}`);
      }
      await page.screenshot({ path: shotPath(name), fullPage: look.viewport === phone && !screen.floats });
      taken += 1;
      // The other language has the same parts and colours.
      if (look.locale === 'zh') for (const finding of await accessible(page)) note(`axe ${finding}`);
      for (const finding of await overlaps(page)) note(`overlap of ${finding}`);
      const push = await sideways(page);
      if (push > 0) note(`can be pushed sideways by ${push} px`);
      if (look.locale === 'en') for (const text of await chinese(page, data)) note(`Chinese in English: ${text}`);
      for (const fault of faults.splice(0)) note(fault);
    }
    await page.context().close();
  }

  await step('the newcomer comes in', async () => {
    const page = await open();
    const link = new URL(world.newcomer);
    await page.goto(new URL('/healthz', link).href);
    const known = await send(page, 'POST', '/v1/session:signIn', {
      phone: newcomer.phone,
      password: newcomer.password,
    });
    if (known.code === 200) return;
    const reply = await send(page, 'POST', '/v1/invitations:accept', {
      token: link.searchParams.get('token'),
      password: newcomer.password,
    });
    assert.equal(reply.code, 200, JSON.stringify(reply.body));
    await page.context().close();
  });

  await step('a county has its own app', async () => {
    const page = await open();
    await signedIn(page, admin.Host, admin.Phone, '/healthz');
    await send(page, 'POST', '/v1/app/builds', {});
    const app = async () => (await send(page, 'GET', '/v1/app')).body;
    for (let n = 0; (await app()).channels.some(({ last }) => last && !/^(done|failed)$/.test(last.state)); n++) {
      assert.ok(n < 300, 'the builds do not end');
      await page.waitForTimeout(200);
    }
    // The package is left for the page that publishes.
    for (const { channel, last } of (await app()).channels) {
      if (channel !== 'pwa' && channel !== 'webclip') continue;
      const { code, body } = await send(page, 'POST', `/v1/app/builds/${last.id}:publish`, { share: 100 });
      assert.equal(code, 200, JSON.stringify(body));
    }
    await page.context().close();
  });

  for (const look of looks) {
    await step(`${look.locale}, ${look.mode}, ${look.viewport.width} wide`, async () => {
      const waiting = visits
        .map((visit) => ({ ...visit, elder: false, screens: look.of(visit.screens) }))
        .filter(({ screens }) => screens.length > 0);
      await Promise.all(
        Array.from({ length: LANES }, async () => {
          for (let visit = waiting.shift(); visit; visit = waiting.shift()) await tour(visit, look);
        }),
      );
    });
  }

  await step('the elder version', async () => {
    for (const visit of visits.filter((v) => v.elder)) {
      const [some, others] = [visit.screens.filter(odd(0)), visit.screens.filter((s) => s.more).filter(odd(1))];
      await tour({ ...visit, screens: some }, { locale: 'zh', mode: 'light', viewport: phone });
      await tour({ ...visit, screens: others }, { locale: 'en', mode: 'dark', viewport: phone });
    }
  });

  await step('and every screen keeps to the rules', async () => {
    console.log(`${taken} pictures`);
    assert.equal(findings.length, 0, `\n${findings.join('\n')}`);
  });
});
