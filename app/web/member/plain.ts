import { createHash } from 'node:crypto';
import type { PluginOption } from 'vite';

const PRIVATE = /#[a-zA-Z]\w*/g;

/**
 * plain gives the private members of react-query's classes plain names. Chromium 83 knows no private methods: written for it they
 * become WeakSets with a helper at every use, a tenth of the first load. The names are marked, so that none meets a public one, and short.
 */
export function plain(): PluginOption {
  return {
    name: 'gonghui-plain',
    enforce: 'pre',
    apply: 'build',
    transform(code, id) {
      const file = /@tanstack\/query-core\/build\/modern\/(\w+)\.js/.exec(id)?.[1];
      if (!file) return;
      // A class and one that extends it may have private members of one name: what stands for the file keeps them apart.
      const mark = createHash('sha256').update(file).digest('hex').slice(0, 3);
      const names = [...new Set(code.match(PRIVATE))];
      return { code: code.replace(PRIVATE, (name) => `_${mark}${names.indexOf(name).toString(36)}`), map: null };
    },
  };
}
