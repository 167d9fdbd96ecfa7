import { IconCloudOff, IconX } from "@tabler/icons-react";
import { ActionIcon } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useLocation, useNavigationType } from "react-router";
import { AddressChip } from "../address/AddressChip";
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
      <AddressChip />
      <Notices />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Footer />
      <ScrollRestoration />
    </>
  );
}

/**
 * A new page is told to screen readers by moving the focus to it. On the way back the focus returns to the link that led away, as the place on the
 * page does (ScrollRestoration).
 */
function useNewPage(): void {
  const { pathname, key } = useLocation();
  const navigation = useNavigationType();
  const last = useRef({ pathname, key });
  const left = useRef(new Map<string, string>());
  useEffect(() => {
    const note = (event: MouseEvent) => {
      const href = (event.target as Element | null)?.closest("main a")?.getAttribute("href");
      if (href) left.current.set(last.current.key, href);
    };
    // Before the router takes the click.
    document.addEventListener("click", note, true);
    return () => document.removeEventListener("click", note, true);
  }, []);
  useEffect(() => {
    const isSame = last.current.pathname === pathname;
    last.current = { pathname, key };
    if (isSame) return;
    const href = navigation === "POP" ? left.current.get(key) : undefined;
    const link = href ? document.querySelector<HTMLElement>(`main a[href="${CSS.escape(href)}"]`) : null;
    (link ?? document.getElementById("content"))?.focus({ preventScroll: true });
  }, [pathname, key, navigation]);
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
