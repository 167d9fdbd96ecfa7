/** The open ticket and everything that can be done to it. */

import { useLiveQuery } from "dexie-react-hooks";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "../components/Notices";
import { parseAmount } from "../domain/money";
import { variantDetail } from "../domain/groups";
import { addLine, removeLine, removeSerial, setQuantity, type AddedSerial, type Ticket } from "../domain/ticket";
import { db, type CatalogueItem } from "../store/db";
import { changeTicket, discardTicket, holdTicket, openTicket, resumeTicket, TicketGone } from "../store/tickets";
import { useSetting, useTill } from "./useData";

export interface TicketActions {
  ticket: Ticket | undefined;
  held: Ticket[];
  add: (item: CatalogueItem, serial?: AddedSerial) => Promise<void>;
  quantity: (sku: string, quantity: number) => Promise<void>;
  dropSerial: (sku: string, serial: string) => Promise<void>;
  drop: (sku: string) => Promise<void>;
  customer: (customer: Ticket["customer"]) => Promise<void>;
  hold: () => Promise<void>;
  resume: (id: string) => Promise<void>;
  discard: () => Promise<void>;
}

export function useTicket(): TicketActions {
  const { t } = useTranslation();
  const { catalogue, index } = useTill();
  const { channel } = catalogue;
  const openId = useSetting("openTicket");
  const tickets = useLiveQuery(() => db.tickets.toArray()) ?? [];
  const ticket = tickets.find((stored) => stored.id === openId);

  useEffect(() => {
    if (openId === null) void openTicket(db, channel);
  }, [openId, channel]);

  const guarded = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TicketGone)) throw error;
      notify("warning", t("ticket.gone"));
    }
  };
  const change = async (changed: (stored: Ticket) => Ticket) => guarded(async () => {
    await changeTicket(db, await openTicket(db, channel), changed);
  });

  return {
    ticket,
    held: tickets.filter((stored) => stored.heldAt !== null).sort((a, b) => (a.heldAt ?? "").localeCompare(b.heldAt ?? "")),
    add: (item, serial) => {
      const group = index.group(item.productId);
      const line = {
        sku: item.sku, name: group?.title ?? item.name, detail: group ? variantDetail(item, group) : "", kind: item.kind,
        serialised: item.serialised, unitPrice: parseAmount(item.price, channel.currency), taxRate: item.taxRate,
      };
      return change((stored) => addLine(stored, line, serial));
    },
    quantity: (sku, quantity) => change((stored) => setQuantity(stored, sku, quantity)),
    dropSerial: (sku, serial) => change((stored) => removeSerial(stored, sku, serial)),
    drop: (sku) => change((stored) => removeLine(stored, sku)),
    customer: (customer) => change((stored) => ({ ...stored, customer })),
    hold: () => guarded(async () => { if (ticket) await holdTicket(db, ticket.id); }),
    resume: (id) => guarded(() => resumeTicket(db, id)),
    discard: () => guarded(async () => { if (ticket) await discardTicket(db, ticket.id); }),
  };
}
