/** Selling: one box to search or scan, products as tiles, the ticket beside them. */

import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { connection } from "../app/connection";
import { useMoney } from "../components/Amount";
import { CashDialog } from "../components/CashDialog";
import { CustomerDialog } from "../components/CustomerDialog";
import { FacetBar } from "../components/FacetBar";
import { HeldDialog } from "../components/HeldDialog";
import { NothingFound } from "../components/NothingFound";
import { notify } from "../components/Notices";
import { ProductGrid } from "../components/ProductGrid";
import { SearchBox } from "../components/SearchBox";
import { SerialDialog } from "../components/SerialDialog";
import { Spotlights } from "../components/Spotlights";
import { TicketPanel } from "../components/TicketPanel";
import { VariantDialog } from "../components/VariantDialog";
import { looksLikeCode } from "../domain/codes";
import type { Chosen } from "../domain/facets";
import type { Minor } from "../domain/money";
import type { Hit } from "../domain/search";
import { ticketTotals } from "../domain/ticket";
import { useTill } from "../hooks/useData";
import { useProducts } from "../hooks/useProducts";
import { go } from "../hooks/useRoute";
import { useScanner } from "../hooks/useScanner";
import { useSearchLog } from "../hooks/useSearchLog";
import { useSelling } from "../hooks/useSelling";
import { useTicket } from "../hooks/useTicket";
import { useTypeAnywhere } from "../hooks/useTypeAnywhere";
import { db } from "../store/db";
import { payTicket, TicketGone } from "../store/tickets";

/** Products shown at first, and more at a time. */
const PAGE = 48;

type Open = "cash" | "customer" | "held" | null;

export function Sell() {
  const { t } = useTranslation();
  const { session, shift, closing } = useTill();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Chosen>({});
  const [limit, setLimit] = useState(PAGE);
  const box = useRef<HTMLInputElement>(null);
  const tiles = useRef<HTMLUListElement>(null);
  const [open, setOpen] = useState<Open>(null);
  const [ticketShown, setTicketShown] = useState(false);
  const phone = useMediaQuery("(max-width: 700px)", false, { getInitialValueInEffect: false });
  const tickets = useTicket();
  const { ticket } = tickets;
  const products = useProducts(text, chosen, limit, (ticket?.lines ?? []).map((line) => line.sku));
  const selling = useSelling(tickets);
  const report = useSearchLog(text);
  const choose = (hit: Hit, position: number, source: "RESULTS" | "SPOTLIGHT" = "RESULTS") => {
    report(hit, position, source);
    selling.chooseProduct(hit);
  };
  const isSelling = open === null && selling.asking === null;
  const typeText = (next: string) => {
    setText(next);
    setLimit(PAGE);
  };
  useTypeAnywhere(box, isSelling);
  useScanner((code) => {
    typeText("");
    void selling.enterCode(code);
  }, open === null);

  const submit = async () => {
    const typed = text.trim();
    if (typed === "") return;
    const [first] = products.hits;
    if ((looksLikeCode(typed) || !first) && await selling.enterCode(typed, first !== undefined)) {
      typeText("");
      return;
    }
    if (!first) return;
    choose(first, 1);
    // The next letters begin the next search.
    box.current?.select();
  };
  const pay = async (tendered: Minor) => {
    if (!ticket || !shift) return;
    try {
      const occurredAt = new Date().toISOString();
      const paid = { tendered, offline: !connection.online, staffName: session.staffName, occurredAt };
      go("sell", await payTicket(db, ticket.id, shift, paid));
    } catch (error) {
      if (!(error instanceof TicketGone)) throw error;
      notify("warning", t("ticket.gone"));
    }
    setOpen(null);
    setTicketShown(false);
  };

  const showProducts = !phone || !ticketShown;
  const showTicket = !phone || ticketShown;
  return (
    <div className="sell">
      <h1 className="hidden-text">{t("nav.sell")}</h1>
      {showProducts && (
        <div className="sell-products">
          <div className="search">
            <SearchBox box={box} text={text} onChange={typeText} onSubmit={() => void submit()} onDown={() => tiles.current?.querySelector("button")?.focus()} />
            <FacetBar facets={products.facets} chosen={chosen} onChange={(next) => { setChosen(next); setLimit(PAGE); }} />
          </div>
          {products.total === 0
            ? <NothingFound text={text} chosen={chosen} onText={typeText} onChosen={setChosen} />
            : <ProductGrid products={products} tiles={tiles} firstIsNext={text.trim() !== ""} onChoose={choose} onMore={() => setLimit(limit + PAGE)}
                onUp={() => box.current?.focus()} />}
          <Spotlights products={products} onChoose={(hit, position) => choose(hit, position, "SPOTLIGHT")} />
          {phone && ticket && <TicketBar ticket={ticket} onOpen={() => setTicketShown(true)} />}
        </div>
      )}
      {showTicket && (
        <TicketPanel
          tickets={tickets} quantities={products.quantities} canPay={shift !== null && !closing} onMoreUnits={selling.chooseItem}
          onPay={() => setOpen("cash")} onCustomer={() => setOpen("customer")} onHeld={() => setOpen("held")}
          onBack={phone ? () => setTicketShown(false) : undefined}
        />
      )}
      {selling.asking?.type === "variant" && (
        <VariantDialog hit={selling.asking.hit} products={products} onChoose={selling.chooseItem} onClose={selling.cancel} />
      )}
      {selling.asking?.type === "serial" && <SerialFor selling={selling} />}
      {open === "cash" && ticket && (
        <CashDialog
          title={t("cash.title")} due={ticketTotals(ticket).total} currency={ticket.currency} onPay={pay} onClose={() => setOpen(null)}
        />
      )}
      {open === "customer" && ticket && (
        <CustomerDialog customer={ticket.customer} onSave={(customer) => { setOpen(null); void tickets.customer(customer); }} onClose={() => setOpen(null)} />
      )}
      {open === "held" && <HeldDialog held={tickets.held} onResume={(id) => { setOpen(null); void tickets.resume(id); }} onClose={() => setOpen(null)} />}
    </div>
  );
}

function SerialFor({ selling }: { selling: ReturnType<typeof useSelling> }) {
  if (selling.asking?.type !== "serial") return null;
  const { item } = selling.asking;
  return <SerialDialog item={item} onAccept={(serial) => selling.addUnit(item, serial)} onClose={selling.cancel} />;
}

function TicketBar({ ticket, onOpen }: { ticket: Parameters<typeof ticketTotals>[0]; onOpen: () => void }) {
  const { t } = useTranslation();
  const money = useMoney(ticket.currency);
  const totals = ticketTotals(ticket);
  return (
    <Button className="ticket-bar" fullWidth justify="space-between" disabled={totals.units === 0} onClick={onOpen} rightSection={<strong>{money(totals.total)}</strong>}>
      {t("ticket.units", { count: totals.units })}
    </Button>
  );
}
