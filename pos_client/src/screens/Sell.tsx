/** Selling: one box to search or scan, products as tiles, the ticket beside them. */

import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connection } from "../app/connection";
import { useMoney } from "../components/Amount";
import { CashDialog } from "../components/CashDialog";
import { CustomerDialog } from "../components/CustomerDialog";
import { HeldDialog } from "../components/HeldDialog";
import { notify } from "../components/Notices";
import { ProductGrid } from "../components/ProductGrid";
import { SearchBox } from "../components/SearchBox";
import { SerialDialog } from "../components/SerialDialog";
import { TicketPanel } from "../components/TicketPanel";
import { VariantDialog } from "../components/VariantDialog";
import type { Minor } from "../domain/money";
import { ticketTotals } from "../domain/ticket";
import { useTill } from "../hooks/useData";
import { useProducts } from "../hooks/useProducts";
import { go } from "../hooks/useRoute";
import { useScanner } from "../hooks/useScanner";
import { useSelling } from "../hooks/useSelling";
import { useTicket } from "../hooks/useTicket";
import { db } from "../store/db";
import { payTicket, TicketGone } from "../store/tickets";

type Open = "cash" | "customer" | "held" | null;

export function Sell() {
  const { t } = useTranslation();
  const { session, shift, closing } = useTill();
  const [text, setText] = useState("");
  const [category, setCategory] = useState<string | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const [ticketShown, setTicketShown] = useState(false);
  const phone = useMediaQuery("(max-width: 700px)", false, { getInitialValueInEffect: false });
  const tickets = useTicket();
  const { ticket } = tickets;
  const products = useProducts(text, category, (ticket?.lines ?? []).map((line) => line.sku));
  const selling = useSelling(tickets);
  useScanner((code) => {
    setText("");
    void selling.enterCode(code);
  }, open === null);

  const submit = async () => {
    const typed = text.trim();
    if (typed === "") return;
    const [first] = products.groups;
    if (await selling.enterCode(typed, first !== undefined)) setText("");
    else if (first && products.groups.length === 1) selling.chooseProduct(first);
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
          <SearchBox text={text} onChange={setText} onSubmit={() => void submit()} category={category} onCategory={setCategory} />
          <ProductGrid products={products} text={text} onChoose={selling.chooseProduct} />
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
        <VariantDialog group={selling.asking.group} quantities={products.quantities} onChoose={selling.chooseItem} onClose={selling.cancel} />
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
