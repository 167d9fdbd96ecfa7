import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useTitle } from "./Layout";

interface NotFoundProps {
  title?: string;
  text?: string;
}

export function NotFound({ title, text }: NotFoundProps) {
  const { t } = useTranslation();
  const heading = title ?? t("errors.noPage");
  useTitle(heading);
  return (
    <div className="wrap page empty">
      <h1>{heading}</h1>
      <p>{text ?? t("errors.noPageText")}</p>
      <div className="empty-ways">
        <Button component={Link} to="/search">{t("nav.all")}</Button>
        <Button component={Link} to="/" variant="default">{t("nav.home")}</Button>
      </div>
    </div>
  );
}
