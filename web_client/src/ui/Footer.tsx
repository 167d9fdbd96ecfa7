import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function Footer() {
  const { t } = useTranslation();
  return (
    <footer className="footer">
      <div className="wrap footer-row">
        <div>
          <strong>{t("brand.name")}</strong>
          <p>{t("brand.promise")}</p>
        </div>
        <nav aria-label={t("nav.footer")}>
          <Link to="/search">{t("nav.all")}</Link>
          <Link to="/offers">{t("bundle.offers")}</Link>
          <Link to="/stores">{t("stores.all")}</Link>
          <Link to="/find-order">{t("order.find")}</Link>
          <Link to="/account/orders">{t("account.orders")}</Link>
        </nav>
      </div>
    </footer>
  );
}
