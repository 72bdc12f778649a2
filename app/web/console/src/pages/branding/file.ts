import type { Schemas } from '@gonghui/api';
import { partNames } from './profile.ts';

export type Taken = Schemas['TakenBranding'];

/** What can be taken over from another design. */
export const takeable = [...partNames, 'home'] as const;

/** Bytes of a file that the server takes. */
export const LARGEST = 900 * 1024;

/** The parts that a file has, by what is in it: the server looks at each. */
export function fileOf(file: object): string[] {
  const { profile } = file as { profile?: unknown };
  if (typeof profile !== 'object' || profile === null) return [];
  return Object.entries(profile)
    .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([part]) => part);
}

/** Reads a file that somebody chose; null when it is none of a design. */
export async function readFile(chosen: Blob): Promise<object | null> {
  if (chosen.size > LARGEST) return null;
  try {
    const file: unknown = JSON.parse(await chosen.text());
    const right = typeof file === 'object' && file !== null && 'format' in file && file.format === 'gonghui-branding';
    return right ? file : null;
  } catch {
    return null;
  }
}

/** Hands a design to the person as a file. */
export function keep(file: Schemas['BrandingFile']): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `app-design-${String(file.exportedAt ?? '').slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
