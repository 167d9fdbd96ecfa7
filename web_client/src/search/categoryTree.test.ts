import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openValues, treeOf, type TreeNode, type TreeValue } from "./categoryTree";

const value = (name: string, parent: string | null = null) => ({ value: name, parent });
const names = (nodes: TreeNode<TreeValue>[]): unknown[] => nodes.map(({ value: { value: name }, children }) => (children.length ? [name, names(children)] : name));

describe("a hierarchy", () => {
  it("has its values under their parents, in the order given", () => {
    const values = [value("devices"), value("phones", "devices"), value("tablets", "devices"), value("plans"), value("folding", "phones")];
    expect(names(treeOf(values))).toEqual([["devices", [["phones", ["folding"]], "tablets"]], "plans"]);
  });

  it("keeps a value whose parent is not shown", () => {
    expect(names(treeOf([value("cases", "accessories")]))).toEqual(["cases"]);
  });

  it("loses nothing, whatever the tree", () => {
    const parents = fc.array(fc.option(fc.nat(30), { nil: null }), { maxLength: 30 });
    fc.assert(fc.property(parents, (list) => {
      // A parent comes before its children, as in a catalogue: there are no circles.
      const values = list.map((parent, index) => value(String(index), parent !== null && parent < index ? String(parent) : null));
      const count = (nodes: TreeNode<TreeValue>[]): number => nodes.reduce((sum, node) => sum + 1 + count(node.children), 0);
      expect(count(treeOf(values))).toBe(values.length);
    }));
  });

  it("opens a big tree along what is chosen", () => {
    const leaves = Array.from({ length: 20 }, (_, index) => value(`leaf-${index}`, "b"));
    expect([...openValues([value("a"), value("b", "a"), ...leaves], ["leaf-3"])]).toEqual(["leaf-3", "b", "a"]);
    expect(openValues([value("a"), value("b", "a"), ...leaves], [])).toEqual(new Set());
  });
});
