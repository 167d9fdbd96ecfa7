/** The stock section: its home with a tile for each thing to do, or the screen that is open. */

import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useQueue, useTill } from "../../hooks/useData";
import { goStock, stockRoute } from "../../hooks/useRoute";
import { stockScreens } from "./screens";

export function Stock({ screen, id }: { screen: string | null; id: string | null }) {
  const { session } = useTill();
  const open = stockScreens(session).find(({ name }) => name === screen);
  return open ? <open.Screen key={open.name} id={id} /> : <Home />;
}

function Home() {
  const { t } = useTranslation();
  const { session } = useTill();
  const { stockAttention } = useQueue();
  return (
    <div className="stock-home">
      <h1>{t("stock.title")}</h1>
      <ul className="stock-tiles">
        {stockScreens(session).map(({ name, Icon }) => (
          <li key={name}>
            <a className="stock-tile" href={stockRoute(name)}>
              <Icon size={32} stroke={1.5} aria-hidden />
              <strong>{t(`stock.screen.${name}`)}</strong>
              <span>{t(`stock.hint.${name}`)}</span>
              {name === "sent" && stockAttention > 0 && <span className="state" data-status="attention">{t("stock.sent.attention", { count: stockAttention })}</span>}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The frame of a screen: the way back, its title (which gets the focus, so that it is read out), and what it holds. */
export function StockFrame({ title, back, side, children }: { title: string; back?: string; side?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <div className="stock-screen">
      <header className="stock-head">
        <Button variant="subtle" size="md" leftSection={<IconArrowLeft size={20} aria-hidden />} onClick={() => goStock(back)}>{t("action.back")}</Button>
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <span className="spacer" />
        {side}
      </header>
      <div className="stock-body">{children}</div>
    </div>
  );
}
