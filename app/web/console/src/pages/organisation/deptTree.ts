import type { Dept } from '../../data.ts';

export interface DeptNode extends Dept {
  children: DeptNode[];
}

/** deptTree builds the tree out of the list. A department whose parent is not in the list stands at the top. */
export function deptTree(depts: Dept[]): DeptNode[] {
  const nodes = new Map(depts.map((d) => [d.id, { ...d, children: [] as DeptNode[] }]));
  const top: DeptNode[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.parentId);
    (parent && parent !== node ? parent.children : top).push(node);
  }
  return top;
}

/** below is the department itself and everything under it: what it cannot be moved below. */
export function below(depts: Dept[], id: string): Set<string> {
  const found = new Set([id]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const d of depts) {
      if (found.has(d.parentId) && !found.has(d.id)) {
        found.add(d.id);
        grown = true;
      }
    }
  }
  return found;
}
