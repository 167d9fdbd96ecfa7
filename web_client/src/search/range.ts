/** The numbers of a range's slider: bounds on round steps, and what a position means. Pure; for the eye, never for sums of money. */

export interface Scale {
  minimum: number;
  maximum: number;
  step: number;
}

export interface Bounds {
  minimum?: string;
  maximum?: string;
}

const STEPS = [0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 500, 1000];
/** How many steps a slider should have at least. */
const POSITIONS = 40;

/** A scale that holds all numbers between two decimals; null when there is nothing to slide. */
export function scaleOf(least: string | null | undefined, greatest: string | null | undefined): Scale | null {
  const [low, high] = [Number(least ?? NaN), Number(greatest ?? NaN)];
  if (!(high > low)) return null;
  const step = STEPS.findLast((candidate) => (high - low) / candidate >= POSITIONS) ?? 0.01;
  return { minimum: rounded(Math.floor(low / step + 1e-9) * step), maximum: rounded(Math.ceil(high / step - 1e-9) * step), step };
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/** Where the two handles stand for what is chosen. */
export function handlesOf({ minimum, maximum }: Bounds, scale: Scale): [number, number] {
  const inside = (value: number) => Math.min(scale.maximum, Math.max(scale.minimum, value));
  return [
    minimum === undefined ? scale.minimum : inside(Number(minimum)),
    maximum === undefined ? scale.maximum : inside(Number(maximum)),
  ];
}

/** What two positions choose; a handle at its end sets no bound. */
export function boundsOf([low, high]: [number, number], scale: Scale): Bounds {
  return {
    minimum: low > scale.minimum ? String(rounded(low)) : undefined,
    maximum: high < scale.maximum ? String(rounded(high)) : undefined,
  };
}
