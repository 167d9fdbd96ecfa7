import { compareMoney, type Money } from "@shared/money";
import { useMoney } from "@shared/useMoney";
import { useTranslation } from "react-i18next";

interface PriceProps {
  price: Money | null | undefined;
  undiscounted?: Money | null;
  from?: boolean;
  large?: boolean;
}

/** A price, with the former one struck out when there is a discount. */
export function Price({ price, undiscounted, from, large }: PriceProps) {
  const { t } = useTranslation();
  const money = useMoney();
  if (!price) return <span className="price-none">{t("product.onlyInBundle")}</span>;
  const reduced = undiscounted && compareMoney(undiscounted, price) > 0 ? undiscounted : null;
  const size = large ? "price price-large" : "price";
  return (
    <span className={reduced ? `${size} price-reduced` : size}>
      <span>{from ? t("product.from", { price: money(price) }) : money(price)}</span>
      {reduced && (
        <s>
          <span className="sr-only">{t("product.before")} </span>
          {money(reduced)}
        </s>
      )}
    </span>
  );
}
