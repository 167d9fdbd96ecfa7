/** Choosing one of a product's variants by its attributes (colour, storage, ...). Pure. */

export interface ChoiceAttribute {
  name: string;
  label: string;
  values: string[];
}

export interface ChoosableVariant {
  sku: string;
  attributes: ChoiceAttribute[];
}

export interface Choice {
  name: string;
  label: string;
  options: ChoiceOption[];
}

export interface ChoiceOption {
  value: string;
  selected: boolean;
  /** The variant one gets by choosing it: the current one's neighbour, or the closest that exists. */
  sku: string;
  /** False when another choice must change with it. */
  fits: boolean;
}

const valueOf = (variant: ChoosableVariant, name: string) =>
  variant.attributes.find((attribute) => attribute.name === name)?.values.join(", ") ?? "";

/** The choices that tell the variants apart, in the order of the product; none for a single variant. */
export function choicesOf(variants: readonly ChoosableVariant[], current: ChoosableVariant): Choice[] {
  const labels = new Map<string, string>();
  for (const { attributes } of variants) for (const { name, label } of attributes) labels.set(name, label);
  return [...labels]
    .map(([name, label]) => ({ name, label, options: optionsOf(variants, current, name, [...labels.keys()]) }))
    .filter((choice) => choice.options.length > 1);
}

function optionsOf(variants: readonly ChoosableVariant[], current: ChoosableVariant, name: string, names: string[]) {
  const values = [...new Set(variants.map((variant) => valueOf(variant, name)))].filter(Boolean);
  return values.map((value) => {
    const candidates = variants.filter((variant) => valueOf(variant, name) === value);
    const agreeing = (variant: ChoosableVariant) =>
      names.filter((other) => other !== name && valueOf(variant, other) === valueOf(current, other)).length;
    const best = candidates.reduce((left, right) => (agreeing(right) > agreeing(left) ? right : left));
    return { value, selected: valueOf(current, name) === value, sku: best.sku, fits: agreeing(best) === names.length - 1 };
  });
}

/** Whether an attribute or dimension is about colour. */
export function isColour(name: string): boolean {
  return /^colou?r$/.test(name);
}

const SWATCHES: [RegExp, string][] = [
  [/midnight|navy|午夜|藏青/i, "#1d2b4f"],
  [/black|graphite|obsidian|charcoal|onyx|night|黑|石墨|曜石/i, "#26282b"],
  [/white|pearl|porcelain|snow|白|珍珠/i, "#f4f3ef"],
  [/silver|platinum|frost|银/i, "#d3d7da"],
  [/gr[ae]y|slate|titanium|steel|灰|钛/i, "#7d858a"],
  [/gold|champagne|sand|cream|beige|金|沙|米色/i, "#dcc59a"],
  [/rose|pink|blush|粉|玫瑰/i, "#e7a9b4"],
  [/coral|salmon|珊瑚/i, "#e8826b"],
  [/red|crimson|scarlet|ruby|红/i, "#b3322f"],
  [/orange|copper|bronze|amber|橙|铜/i, "#d57a45"],
  [/yellow|lemon|citrus|黄/i, "#ecd05b"],
  [/mint|sage|薄荷/i, "#b5d8c2"],
  [/teal|turquoise|aqua|cyan|青/i, "#3d9a9c"],
  [/green|forest|olive|emerald|pine|绿/i, "#3c6b54"],
  [/sky|ice|天蓝|冰蓝/i, "#a9cbe4"],
  [/blue|ocean|cobalt|indigo|蓝/i, "#3a63a8"],
  [/purple|violet|lavender|lilac|plum|紫/i, "#8c77b5"],
  [/brown|cocoa|mocha|棕|褐/i, "#7b5a44"],
];

/** A colour to paint for a colour's name; null when the name says none that we know. */
export function swatchOf(name: string): string | null {
  return SWATCHES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
