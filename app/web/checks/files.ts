import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const web = join(import.meta.dirname, '..');
export const repo = join(web, '..', '..');

/** walk lists the files below a folder, dependencies and build output left out, as paths relative to it. */
export function walk(root: string, wanted: (path: string) => boolean): string[] {
  if (!existsSync(root)) return [];
  const found: string[] = [];
  const visit = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (['node_modules', 'dist'].includes(entry.name) || entry.name.startsWith('.')) continue;
      const path = join(dir, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (wanted(path)) found.push(relative(root, path));
    }
  };
  visit(root);
  return found.sort();
}
