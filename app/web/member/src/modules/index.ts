import type { Part } from './part.ts';

const found = import.meta.glob<Part>('./*/index.ts', { eager: true, import: 'default' });

/** The parts of all modules: a folder beside this file is all that a further one takes. */
export const parts: Part[] = Object.values(found);

/** What is drawn for a column of the first page; undefined when the module leaves that to the page. */
export const blockOf = (key: string) => parts.find(({ blocks }) => blocks?.[key])?.blocks?.[key];

/** What modules put above every page. */
export const aboves = parts.flatMap((part) => part.above ?? []);

export const pages = parts.flatMap((part) => part.pages ?? []);
