/** Takes cash: what is due, what the customer gives, what goes back. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { quickAmounts, type Minor } from "../domain/money";
import { AmountEntry, useMoney } from "./Amount";
import { Dialog } from "./Dialog";

interface Props {
  title: string;
  due: Minor;
  currency: string;
  /** Records the payment; the dialog stays busy until it resolves. */
  onPay: (tendered: Minor) => Promise<void>;
  onClose: () => void;
}

export function CashDialog({ title, due, currency, onPay, onClose }: Props) {
  const { t } = useTranslation();
  const money = useMoney(currency);
  const [tendered, setTendered] = useState<Minor>(0);
  const [busy, setBusy] = useState(false);
  const enough = tendered >= due;

  const pay = async (amount: Minor) => {
    if (busy || amount < due) return;
    setBusy(true);
    try {
      await onPay(amount);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} size={760}>
      <div className="cash">
        <div className="cash-side">
          <div className="cash-due"><span>{t("cash.due")}</span><strong>{money(due)}</strong></div>
          <div className="quick" role="group" aria-label={t("cash.quick")}>
            {quickAmounts(due, currency).map((amount) => (
              <button key={amount} type="button" aria-pressed={tendered === amount} onClick={() => setTendered(amount)}>
                {amount === due ? t("cash.exact") : money(amount)}
              </button>
            ))}
          </div>
          <div className="cash-change" data-enough={enough} aria-live="polite">
            <span>{enough ? t("cash.change") : t("cash.missing")}</span>
            <strong>{money(enough ? tendered - due : due - tendered)}</strong>
          </div>
          <Button className="pay" fullWidth disabled={!enough} loading={busy} onClick={() => void pay(tendered)}>{t("cash.finish")}</Button>
        </div>
        <AmountEntry label={t("cash.received")} currency={currency} value={tendered} onChange={setTendered} onEnter={() => void pay(tendered)} />
      </div>
    </Dialog>
  );
}
