import "@fontsource-variable/figtree/wght.css";
import "@mantine/core/styles.layer.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/searchbox.css";
import "./styles/facets.css";
import "./styles/search.css";
import "./styles/product.css";
import "./styles/checkout.css";
import "@shared/address/address.css";
import "@shared/bundle/bundle.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
