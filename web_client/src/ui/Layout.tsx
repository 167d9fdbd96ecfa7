import { IconCloudOff, IconX } from "@tabler/icons-react";
import { ActionIcon } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router";
import { signedOutNotice } from "../session/stores";
import { Footer } from "./Footer";
import { Header } from "./Header";

/** The frame around every page: skip link, header, notices, the page, footer. */
export function Layout() {
  const { t } = useTranslation();
  useNewPage();
  return (
    <>
      <a className="skip-link" href="#content">{t("nav.skip")}</a>
      <Header />
      <Notices />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Footer />
    </>
  );
}

/** A new page starts at its top and is told to screen readers by moving the focus to it. */
function useNewPage(): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    window.scrollTo(0, 0);
    document.getElementById("content")?.focus({ preventScroll: true });
  }, [pathname]);
}

function Notices() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  const notice = signedOutNotice.use();
  return (
    <div aria-live="polite">
      {!online && (
        <p className="notice notice-offline">
          <IconCloudOff size={20} aria-hidden /> {t("errors.offlineBanner")}
        </p>
      )}
      {notice && (
        <p className="notice">
          {notice.message}
          <ActionIcon variant="subtle" color="dark" aria-label={t("common.close")} onClick={() => signedOutNotice.set(null)}>
            <IconX size={18} />
          </ActionIcon>
        </p>
      )}
    </div>
  );
}

/** Name the page in the browser's tab. */
export function useTitle(title: string | null | undefined): void {
  const { t } = useTranslation();
  const shop = t("brand.name");
  useEffect(() => {
    document.title = title ? `${title} – ${shop}` : shop;
  }, [title, shop]);
}
