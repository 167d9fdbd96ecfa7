import { formatMoney, type Money } from "@shared/money";
import { useTranslation } from "react-i18next";

/** An amount in the reader's language. */
export function useMoney(): (money: Money) => string {
  const { i18n } = useTranslation();
  return (money) => formatMoney(money, i18n.language);
}
