/** The house colours, ten shades each (light to dark), for both clients' themes. White on shade 7 and up is AA. */

import type { MantineColorsTuple } from "@mantine/core";

export const pine: MantineColorsTuple = [
  "#eef7f3", "#dcece5", "#b7d9cb", "#8ec5af", "#64ae93", "#3f967a", "#227d62", "#0d654d", "#0a5240", "#063a2e",
];

export const ember: MantineColorsTuple = [
  "#fff1ea", "#ffe0d1", "#ffbf9f", "#ff9b69", "#fb7a3e", "#ee6222", "#d94f12", "#b63f0c", "#93330b", "#6f2709",
];

export const ink: MantineColorsTuple = [
  "#f5f7f6", "#e9edeb", "#d6ddda", "#b8c2be", "#929f9a", "#6f7d78", "#56645f", "#414e49", "#2a3531", "#16201d",
];
