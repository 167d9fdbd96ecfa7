import { Menu, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { LANGUAGE_NAMES, LANGUAGES } from "@shared/language";
import { IconBuildingStore, IconCheck, IconPackage, IconShoppingBag, IconUser, IconWorld } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { useCart } from "../cart/useCart";
import { chooseLanguage } from "../i18n";
import { SearchBox } from "../search/SearchBox";
import { signOut } from "../session/session";
import { chooseChannel, useShop } from "../session/shop";
import { chosenStore, session } from "../session/stores";
import { StorePicker } from "../stores/StorePicker";
import { Wordmark } from "./Wordmark";

export function Header() {
  const { t } = useTranslation();
  // The home page has the search as its centre piece; two of them would be one too many.
  const isHome = useLocation().pathname === "/";
  return (
    <header className="header">
      <div className="wrap header-row">
        <Link to="/" className="header-brand" aria-label={`${t("brand.name")} – ${t("nav.home")}`}>
          <Wordmark name={t("brand.name")} />
        </Link>
        <div className="header-search">{!isHome && <SearchBox />}</div>
        <nav className="header-nav" aria-label={t("nav.label")}>
          <StoreButton />
          <CountryMenu />
          <AccountMenu />
          <CartLink />
        </nav>
      </div>
    </header>
  );
}

function StoreButton() {
  const { t } = useTranslation();
  const store = chosenStore.use();
  const [opened, { open, close }] = useDisclosure(false);
  const name = store ? store.name : t("stores.choose");
  return (
    <>
      <UnstyledButton className="header-button header-store" onClick={open} aria-haspopup="dialog">
        <IconBuildingStore size={22} aria-hidden />
        <span className="sr-only">{t("stores.yours")}: </span>
        <span className="header-button-text">{name}</span>
      </UnstyledButton>
      <StorePicker opened={opened} onClose={close} onChoose={(chosen) => { chosenStore.set(chosen); close(); }} />
    </>
  );
}

/** Where one buys, and in which language one reads. */
function CountryMenu() {
  const { t, i18n } = useTranslation();
  const { channel, channels } = useShop();
  const navigate = useNavigate();
  const buyIn = (slug: string) => {
    if (slug === channel) return;
    chooseChannel(slug);
    // What is shown now may not be sold there.
    void navigate("/");
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <UnstyledButton className="header-button" aria-label={t("nav.countryAndLanguage")}>
          <IconWorld size={22} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {channels.length > 1 && <Menu.Label>{t("nav.country")}</Menu.Label>}
        {channels.length > 1 && channels.map(({ slug, name }) => (
          <Choice key={slug} chosen={slug === channel} onChoose={() => buyIn(slug)}>{name}</Choice>
        ))}
        <Menu.Label>{t("nav.language")}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Choice key={language} lang={language} chosen={i18n.language === language} onChoose={() => void chooseLanguage(language)}>
            {LANGUAGE_NAMES[language]}
          </Choice>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ chosen, onChoose, lang, children }: { chosen: boolean; onChoose: () => void; lang?: string; children: ReactNode }) {
  return (
    <Menu.Item lang={lang} onClick={onChoose} aria-current={chosen} rightSection={chosen ? <IconCheck size={18} aria-hidden /> : null}>
      {children}
    </Menu.Item>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const current = session.use();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className="header-button" aria-label={t("account.menu")}>
          <IconUser size={22} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {current && <Menu.Label>{current.email}</Menu.Label>}
        {current ? (
          <Menu.Item component={Link} to="/account/orders">{t("account.orders")}</Menu.Item>
        ) : (
          <Menu.Item component={Link} to="/sign-in">{t("account.signIn")}</Menu.Item>
        )}
        <Menu.Item component={Link} to="/find-order" leftSection={<IconPackage size={18} aria-hidden />}>
          {t("order.find")}
        </Menu.Item>
        {current && <Menu.Item onClick={() => { signOut(); void navigate("/"); }}>{t("account.signOut")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

function CartLink() {
  const { t } = useTranslation();
  const { cart } = useCart();
  const count = cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  return (
    <Link to="/cart" className="header-button header-cart" aria-label={t("cart.link", { count })}>
      <IconShoppingBag size={22} aria-hidden />
      {count > 0 && <span className="header-count" aria-hidden>{count}</span>}
    </Link>
  );
}
