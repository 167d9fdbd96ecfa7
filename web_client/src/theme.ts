/** The shop's look, on Mantine's terms. */

import { createTheme, type CSSVariablesResolver } from "@mantine/core";
import { ember, ink, pine } from "@shared/palette";

const FONTS = '"Figtree Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

export const theme = createTheme({
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: "700" },
  colors: { pine, ember, gray: ink },
  primaryColor: "pine",
  primaryShade: 7,
  black: "#16201d",
  defaultRadius: "md",
  radius: { sm: "8px", md: "12px", lg: "18px", xl: "26px" },
  cursorType: "pointer",
  components: {
    // 44 px is the least that a finger hits surely.
    Button: { defaultProps: { size: "md" } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    Select: { defaultProps: { size: "md" } },
    ActionIcon: { defaultProps: { size: 44 } },
    CloseButton: { defaultProps: { size: 44 } },
    // The title bar of a dialog is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: "none" } } } },
    Drawer: { defaultProps: { attributes: { header: { role: "none" } } } },
    Checkbox: { defaultProps: { size: "md" } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#56645f",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-placeholder": "#6b7772",
  },
  dark: {},
});
