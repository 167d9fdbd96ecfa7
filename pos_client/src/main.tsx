import { createTheme, MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { takeRegisterFromAddress } from "./app/register";
import { startTill } from "./app/till";
import { keepShell } from "./app/updates";
import { startTranslations } from "./i18n";
import "./styles/mantine.css";
import "./styles/base.css";
import "./styles/sell.css";
import "./styles/work.css";
import "./styles/stock.css";
import "./styles/counts.css";
import "@shared/address/address.css";
import "@shared/bundle/bundle.css";
import "./styles/offers.css";
import "./styles/print.css";

const theme = createTheme({
  primaryColor: "teal",
  defaultRadius: "md",
  fontFamily: "inherit",
  headings: { fontFamily: "inherit" },
  cursorType: "pointer",
});

async function start(): Promise<void> {
  await startTranslations();
  await takeRegisterFromAddress();
  // The set-up link pasted where the till is open already changes the fragment alone: nothing is loaded anew.
  window.addEventListener("hashchange", () => void takeRegisterFromAddress());
  startTill();
  void keepShell();
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  // Mantine writes no style elements here: the colours are in styles/base.css, which a strict content security policy allows.
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} forceColorScheme="light" withCssVariables={false} withGlobalClasses={false}><App /></MantineProvider>
    </StrictMode>,
  );
}

void start();
