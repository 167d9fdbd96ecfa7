/** The open ticket: lines with steppers and serial numbers, totals, and the way to payment. */

import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconMinus, IconPlayerPause, IconPlus, IconReceipt, IconTrash, IconUser, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { lineTotals, ticketProblem, ticketTotals, type Ticket, type TicketLine } from "../domain/ticket";
import { useTill } from "../hooks/useData";
import type { TicketActions } from "../hooks/useTicket";
import type { CatalogueItem } from "../store/db";
import { useMoney } from "./Amount";
import { isGoods } from "./Stock";
import { TotalRows } from "./TotalRows";

interface Props {
  tickets: TicketActions;
  quantities: Map<string, number>;
  canPay: boolean;
  onMoreUnits: (item: CatalogueItem) => void;
  onPay: () => void;
  onCustomer: () => void;
  onHeld: () => void;
  /** Set where the ticket covers the products, on a phone. */
  onBack?: () => void;
}

export function TicketPanel({ tickets, quantities, canPay, onMoreUnits, onPay, onCustomer, onHeld, onBack }: Props) {
  const { t } = useTranslation();
  const { ticket, held } = tickets;
  const lines = ticket?.lines ?? [];
  return (
    <section className="ticket" aria-label={t("ticket.title")}>
      <header className="ticket-head">
        <h2>{t("ticket.title")}</h2>
        {held.length > 0 && (
          <Button variant="light" size="md" onClick={onHeld} leftSection={<IconPlayerPause size={18} aria-hidden />}>
            {t("ticket.held", { count: held.length })}
          </Button>
        )}
        <span className="spacer" />
        <Button variant="subtle" size="md" leftSection={<IconUser size={20} aria-hidden />} onClick={onCustomer} className="customer-button">
          {ticket?.customer.name || ticket?.customer.email || t("ticket.customer")}
        </Button>
        <TicketMenu tickets={tickets} empty={lines.length === 0} />
        {onBack && <ActionIcon size={48} variant="subtle" aria-label={t("action.close")} onClick={onBack}><IconX aria-hidden /></ActionIcon>}
      </header>
      {lines.length === 0
        ? <div className="ticket-empty"><IconReceipt size={44} stroke={1.2} aria-hidden /><p>{t("ticket.empty")}</p></div>
        : (
          <ul className="ticket-lines">
            {lines.map((line) => (
              <Line key={line.sku} line={line} ticket={ticket as Ticket} tickets={tickets} stock={quantities.get(line.sku)} onMoreUnits={onMoreUnits} />
            ))}
          </ul>
        )}
      {ticket && <TotalsAndPay ticket={ticket} canPay={canPay} onPay={onPay} />}
    </section>
  );
}

function TicketMenu({ tickets, empty }: { tickets: TicketActions; empty: boolean }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md" width={230}>
      <Menu.Target>
        <ActionIcon size={48} variant="subtle" aria-label={t("ticket.more")} disabled={empty}><IconDots aria-hidden /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlayerPause size={20} aria-hidden />} onClick={() => void tickets.hold()}>{t("ticket.hold")}</Menu.Item>
        <Menu.Item color="red.9" leftSection={<IconTrash size={20} aria-hidden />} onClick={() => void tickets.discard()}>{t("ticket.discard")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface LineProps {
  line: TicketLine;
  ticket: Ticket;
  tickets: TicketActions;
  stock: number | undefined;
  onMoreUnits: (item: CatalogueItem) => void;
}

function Line({ line, ticket, tickets, stock, onMoreUnits }: LineProps) {
  const { t } = useTranslation();
  const { index } = useTill();
  const money = useMoney(ticket.currency);
  const more = () => {
    const item = index.item(line.sku);
    if (line.serialised && item) onMoreUnits(item);
    else void tickets.quantity(line.sku, line.quantity + 1);
  };
  const fewer = () => {
    const last = line.serials.at(-1);
    void (line.serialised && last ? tickets.dropSerial(line.sku, last) : tickets.quantity(line.sku, line.quantity - 1));
  };
  const short = isGoods(line.kind) && stock !== undefined && line.quantity > stock;
  return (
    <li className="line">
      <div className="line-text">
        <strong>{line.name}</strong>
        {line.detail && <span>{line.detail}</span>}
        {line.serials.map((serial) => (
          <span key={serial} className="serial" data-unverified={line.unverified.includes(serial)}>
            <bdi>{serial}</bdi>{line.unverified.includes(serial) && ` · ${t("serial.unverified")}`}
          </span>
        ))}
        {short && <span className="line-warning">{t("ticket.short", { count: Math.max(0, stock) })}</span>}
      </div>
      <span className="line-total">{money(lineTotals(line, ticket.pricesIncludeTax).amount)}</span>
      <div className="line-foot">
        <span className="line-unit">{line.quantity > 1 ? t("ticket.each", { price: money(line.unitPrice) }) : ""}</span>
        <div className="stepper" role="group" aria-label={t("ticket.quantityOf", { name: line.name })}>
          <button type="button" aria-label={line.quantity === 1 ? t("ticket.remove", { name: line.name }) : t("ticket.fewer", { name: line.name })} onClick={fewer}>
            {line.quantity === 1 ? <IconTrash size={20} aria-hidden /> : <IconMinus size={20} aria-hidden />}
          </button>
          <output aria-live="polite">{line.quantity}</output>
          <button type="button" aria-label={t("ticket.moreOf", { name: line.name })} onClick={more}><IconPlus size={20} aria-hidden /></button>
        </div>
      </div>
    </li>
  );
}

function TotalsAndPay({ ticket, canPay, onPay }: { ticket: Ticket; canPay: boolean; onPay: () => void }) {
  const { t } = useTranslation();
  const money = useMoney(ticket.currency);
  const totals = ticketTotals(ticket);
  const problem = ticketProblem(ticket);
  return (
    <footer className="ticket-foot">
      <dl>
        <TotalRows currency={ticket.currency} pricesIncludeTax={ticket.pricesIncludeTax} totals={totals} />
      </dl>
      {!canPay && <p className="quiet-warning">{t("ticket.needsShift")}</p>}
      <Button className="pay" fullWidth disabled={problem !== null || !canPay} onClick={onPay}>
        {problem === "empty" ? t("ticket.payEmpty") : t("ticket.pay", { amount: money(totals.total) })}
      </Button>
    </footer>
  );
}
