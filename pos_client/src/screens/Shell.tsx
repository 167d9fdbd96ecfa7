/** The frame around every screen of the signed-in till. */

import { Button, Menu } from "@mantine/core";
import { IconBuildingWarehouse, IconCash, IconChevronDown, IconDeviceMobilePlus, IconLock, IconLogout, IconPackage, IconReceipt2, IconShoppingCart } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConnectionBadge } from "../components/ConnectionBadge";
import { LanguageChoice } from "../components/LanguageChoice";
import { SignOutDialog } from "../components/SignOutDialog";
import { useDeliveryPhase, useQueue, useTill } from "../hooks/useData";
import { PickupContext, usePickupWork } from "../hooks/usePickups";
import { routeTo, useRoute, type Route, type View } from "../hooks/useRoute";
import { db } from "../store/db";
import { lock } from "../store/session";
import { Offers } from "./offers/Offers";
import { Pickups } from "./Pickups";
import { SaleDone } from "./SaleDone";
import { Sales } from "./Sales";
import { Sell } from "./Sell";
import { Shift } from "./Shift";
import { mayWithStock } from "./stock/screens";
import { Stock } from "./stock/Stock";

const NAVIGATION: { view: View; Icon: typeof IconCash }[] = [
  { view: "sell", Icon: IconShoppingCart }, { view: "offers", Icon: IconDeviceMobilePlus }, { view: "pickups", Icon: IconPackage },
  { view: "stock", Icon: IconBuildingWarehouse }, { view: "sales", Icon: IconReceipt2 }, { view: "shift", Icon: IconCash },
];

export function Shell() {
  const { t } = useTranslation();
  const { session, shift } = useTill();
  const route = useRoute();
  const phase = useDeliveryPhase();
  const queue = useQueue();
  const work = usePickupWork(session.store.id);
  const badges: Partial<Record<View, number>> = {
    pickups: work.pickups?.filter((pickup) => pickup.state === "PLACED").length ?? 0, sales: queue.attention,
    stock: queue.stockAttention,
  };
  return (
    <PickupContext value={work}>
      <div className="shell">
        <header className="bar">
          <span className="bar-store"><strong>{session.store.name}</strong><span>{t(shift ? "bar.shiftOpen" : "bar.shiftClosed")}</span></span>
          <span className="spacer" />
          <ConnectionBadge />
          <UserMenu />
        </header>
        <nav className="rail" aria-label={t("nav.label")}>
          {NAVIGATION.filter(({ view }) => view !== "stock" || mayWithStock(session, "view")).map(({ view, Icon }) => (
            <a key={view} href={routeTo(view)} aria-current={route.view === view ? "page" : undefined}>
              <span className="rail-icon"><Icon size={26} stroke={1.6} aria-hidden />{(badges[view] ?? 0) > 0 && <span className="rail-badge">{badges[view]}<span className="hidden-text"> {t(`nav.badge.${view}`)}</span></span>}</span>
              <span>{t(`nav.${view}`)}</span>
            </a>
          ))}
        </nav>
        <main className="main">
          {phase === "signIn" && queue.waiting > 0 && (
            <div className="banner" role="alert">
              <span>{t("banner.signIn", { count: queue.waiting })}</span>
              <Button size="md" variant="white" onClick={() => void lock(db)}>{t("banner.signInNow")}</Button>
            </div>
          )}
          <Screen route={route} />
        </main>
      </div>
    </PickupContext>
  );
}

function Screen({ route }: { route: Route }) {
  const { shift, session } = useTill();
  if (route.view === "stock" && mayWithStock(session, "view")) return <Stock screen={route.screen} id={route.id} />;
  if (route.view === "offers") return <Offers route={route} />;
  if (route.view === "sales") return <Sales openId={route.id} />;
  if (route.view === "pickups") return <Pickups openId={route.id} />;
  if (route.view === "shift") return <Shift />;
  if (route.id) return <SaleDone clientId={route.id} />;
  return shift ? <Sell /> : <Shift />;
}

function UserMenu() {
  const { t } = useTranslation();
  const { session } = useTill();
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={260}>
        <Menu.Target>
          <button type="button" className="user">
            <span className="avatar" aria-hidden>{initials(session.staffName)}</span>
            <span className="user-name">{session.staffName}</span>
            <IconChevronDown size={18} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLock size={20} aria-hidden />} onClick={() => void lock(db)}>{t("menu.lock")}</Menu.Item>
          <Menu.Item leftSection={<IconLogout size={20} aria-hidden />} onClick={() => setLeaving(true)}>{t("menu.signOut")}</Menu.Item>
          <Menu.Divider />
          <div className="menu-languages"><LanguageChoice /></div>
        </Menu.Dropdown>
      </Menu>
      {leaving && <SignOutDialog onClose={() => setLeaving(false)} />}
    </>
  );
}

function initials(name: string): string {
  return name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
}
