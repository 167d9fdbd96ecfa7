/** What every paper of the till has: the store on top, and its way to the printer. */

import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { useTill } from "../hooks/useData";

/** Who sells: the store's name and address. */
export function PaperHead() {
  const { name, streetAddress, city, postalCode, phone } = useTill().session.store;
  return (
    <header>
      <h2>{name}</h2>
      <p>{streetAddress}<br />{city} {postalCode}{phone && <><br />{phone}</>}</p>
    </header>
  );
}

/** Puts a paper where the printer finds it: beside the page, seen on paper alone. */
export function Printed({ children }: { children: ReactNode }) {
  return createPortal(<div className="print-only">{children}</div>, document.body);
}
