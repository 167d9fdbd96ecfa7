/** What jsdom lacks and the widget kit asks for. */

import { afterEach, vi } from "vitest";
import { cleanup, configure } from "@testing-library/react";

// A second is little on a machine that does other things too.
configure({ asyncUtilTimeout: 10_000 });

Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({ matches: false, media: query, addEventListener: vi.fn(), removeEventListener: vi.fn() }),
});
window.HTMLElement.prototype.scrollIntoView = vi.fn();
window.ResizeObserver = class {
  observe = vi.fn();
  unobserve = vi.fn();
  disconnect = vi.fn();
};

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
