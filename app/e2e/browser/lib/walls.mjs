// A browser behind walls (walled_test.go): it reaches the product over a wire on which rules of nft drop what they are told to.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { launch, world } from './world.mjs';

const { walls } = world;

/** Has the kernel drop what some rules name, from now on and on the way out and in; without rules nothing is dropped. */
export function wall(...rules) {
  const chain = (hook) =>
    [
      `chain ${hook} {`,
      `type filter hook ${hook} priority 0;`,
      ...rules.map((rule) => `${rule} counter drop`),
      '}',
    ].join('\n');
  const script = ['flush ruleset', 'table inet walls {', chain('output'), chain('input'), '}', ''].join('\n');
  execFileSync('ip', ['netns', 'exec', walls.space, 'nft', '-f', '-'], { input: script });
}

/** How many packets have been dropped since the rules were made. */
export function dropped() {
  const rules = execFileSync('ip', ['netns', 'exec', walls.space, 'nft', 'list', 'ruleset'], { encoding: 'utf8' });
  return [...rules.matchAll(/counter packets (\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
}

/** Serves the product over TLS on the wire; the names of its hosts lead there from within. Returns the port. */
export async function secured() {
  const port = Number(world.base.split(':')[1]);
  const open = new Set();
  const server = createServer({ key: readFileSync(walls.key), cert: readFileSync(walls.cert) }, (from) => {
    const to = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ]) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.on('tlsClientError', () => {}); // who does not trust us hangs up
  await new Promise((ready) => server.listen(0, walls.address, ready));
  return {
    port: server.address().port,
    close: () => {
      for (const one of open) one.destroy();
      server.close();
    },
  };
}

/** The browser inside. */
export const launchInside = (args) =>
  launch([...args, `--host-resolver-rules=MAP *.gonghui.localhost ${walls.address}`], walls.browser);
