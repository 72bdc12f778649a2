import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

/** The first steps of the paths of all pages, those of the frame and those of the modules: "" for the first page. */
export function pages(): string[] {
  const modules = readdirSync(fileURLToPath(new URL('src/modules', import.meta.url)), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => source(`src/modules/${name}/index.ts`));
  const named = [source('src/App.tsx').matchAll(/<Route path="([^"]+)"/g), modules.join().matchAll(/path: '([^']+)'/g)];
  const steps = named.flatMap((found) => [...found].map(([, path = '']) => path.split('/')[1] ?? ''));
  return [...new Set(steps)].sort();
}
