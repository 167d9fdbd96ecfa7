/** The stock section: its home with a tile for each thing to do, or the screen that is open. */

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Frame } from "../../components/Frame";
import { useQueue, useTill } from "../../hooks/useData";
import { stockRoute } from "../../hooks/useRoute";
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

/** The frame of a screen of this section. */
export function StockFrame({ back, ...frame }: { title: string; back?: string; side?: ReactNode; children: ReactNode }) {
  return <Frame {...frame} backTo={stockRoute(back)} />;
}
