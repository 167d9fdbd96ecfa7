/** A hierarchy's flat list of values as a tree, and how much of it is open. Pure. */

export interface TreeValue {
  value: string;
  parent?: string | null;
}

export interface TreeNode<TValue> {
  value: TValue;
  children: TreeNode<TValue>[];
}

/** Up to here a tree is shown whole. */
const SMALL = 14;

/** Values under their parents, in the order given; one whose parent is not in the list is a root. */
export function treeOf<TValue extends TreeValue>(values: readonly TValue[]): TreeNode<TValue>[] {
  const nodes = new Map(values.map((value) => [value.value, { value, children: [] as TreeNode<TValue>[] }]));
  const roots: TreeNode<TValue>[] = [];
  for (const node of nodes.values()) {
    const parent = node.value.parent ? nodes.get(node.value.parent) : undefined;
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** The values whose children show: all of a small tree, else those chosen and everything above them. */
export function openValues<TValue extends TreeValue>(values: readonly TValue[], chosen: readonly string[]): Set<string> {
  if (values.length <= SMALL) return new Set(values.map(({ value }) => value));
  const parents = new Map(values.map(({ value, parent }) => [value, parent]));
  const open = new Set<string>();
  for (const value of chosen) {
    for (let at: string | null | undefined = value; at && !open.has(at); at = parents.get(at)) open.add(at);
  }
  return open;
}
