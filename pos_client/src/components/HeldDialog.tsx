/** Tickets that wait aside. */

import { useTranslation } from "react-i18next";
import { ticketTotals, type Ticket } from "../domain/ticket";
import { formatMoney } from "../domain/money";
import { useClock } from "../hooks/useClock";
import { Dialog } from "./Dialog";

interface Props {
  held: Ticket[];
  onResume: (id: string) => void;
  onClose: () => void;
}

export function HeldDialog({ held, onResume, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { time } = useClock();
  return (
    <Dialog title={t("held.title")} onClose={onClose}>
      <ul className="variants">
        {held.map((ticket) => (
          <li key={ticket.id}>
            <button type="button" onClick={() => onResume(ticket.id)}>
              <span className="variant-name">{ticket.customer.name || ticket.lines[0]?.name}</span>
              <span>{t("ticket.units", { count: ticketTotals(ticket).units })} · {ticket.heldAt ? time(ticket.heldAt) : ""}</span>
              <span className="variant-price">{formatMoney(ticketTotals(ticket).total, ticket.currency, i18n.language)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
