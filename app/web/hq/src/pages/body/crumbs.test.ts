import { describe, expect, test } from 'vitest';
import { type CrumbBody, crumbs, type Lineage } from './crumbs.ts';

const body = (code: string): CrumbBody => ({ code, name: `Body ${code}`, shortName: '' });
const nation = body('000000');
const province = body('440000');
const city = body('440100');
const industry = body('i01');

const county: Lineage = { primaryLine: 'territorial', ancestors: [nation, province, city], otherAncestors: [] };
const provincialIndustry: Lineage = {
  primaryLine: 'industrial',
  ancestors: [nation, industry],
  otherAncestors: [nation, province],
};

/** A path as text, links in brackets. */
const shown = (lineage: Lineage, line: 'territorial' | 'industrial', anchor: string) =>
  crumbs(lineage, line, anchor)
    .map((crumb) => (crumb.open ? `[${crumb.code}]` : crumb.code))
    .join(' ');

describe('crumbs', () => {
  test.each([
    ['all are links below the nation', county, 'territorial', '000000', '[000000] [440000] [440100]'],
    ['above the anchor is no link', county, 'territorial', '440000', '000000 [440000] [440100]'],
    ['the anchor itself has nothing to lead to', county, 'territorial', '440103', '000000 440000 440100'],
    [
      'without a parent on the other line the primary path stays',
      county,
      'industrial',
      '440100',
      '000000 440000 [440100]',
    ],
    ['the primary line of an industrial body', provincialIndustry, 'industrial', 'i01', '000000 [i01]'],
    ['the other line of an industrial body', provincialIndustry, 'territorial', '440000', '000000 [440000]'],
    [
      'an anchor on the line not shown opens nothing on this one',
      provincialIndustry,
      'territorial',
      'i01',
      '000000 440000',
    ],
  ] as const)('%s', (_, lineage, line, anchor, path) => {
    expect(shown(lineage, line, anchor)).toBe(path);
  });

  test('a short name falls back to the name', () => {
    const [crumb] = crumbs({ ...county, ancestors: [{ ...nation, shortName: 'Nation' }] }, 'territorial', '000000');
    expect(crumb?.short).toBe('Nation');
    expect(crumbs(county, 'territorial', '000000')[0]?.short).toBe('Body 000000');
  });
});
