import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Component, type ErrorInfo, type ReactNode, useEffect, useState } from "react";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { OrdersPage } from "./account/OrdersPage";
import { SignInPage } from "./account/SignInPage";
import { isTransient } from "./api/client";
import { ConfiguratorPage } from "./bundle/ConfiguratorPage";
import { OffersPage } from "./bundle/OffersPage";
import { CartPage } from "./cart/CartPage";
import { CheckoutLayout } from "./checkout/CheckoutLayout";
import { ContactStep } from "./checkout/ContactStep";
import { PickupStep } from "./checkout/PickupStep";
import { ReturnPage } from "./checkout/ReturnPage";
import { ReviewStep } from "./checkout/ReviewStep";
import { HomePage } from "./home/HomePage";
import i18n from "./i18n";
import { FindOrderPage } from "./order/FindOrderPage";
import { OrderPage } from "./order/OrderPage";
import { ProductPage } from "./product/ProductPage";
import { ResultsPage } from "./search/ResultsPage";
import { ShopProvider } from "./session/shop";
import { StoresPage } from "./stores/StoresPage";
import { cssVariables, theme } from "./theme";
import { FullPageError } from "./ui/FullPage";
import { Layout } from "./ui/Layout";
import { NotFound } from "./ui/NotFound";

const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <Broken />,
    children: [
      { path: "/", element: <HomePage /> },
      { path: "/search", element: <ResultsPage /> },
      { path: "/product/:slug", element: <ProductPage /> },
      { path: "/offers", element: <OffersPage /> },
      { path: "/offers/:code", element: <ConfiguratorPage /> },
      { path: "/stores", element: <StoresPage /> },
      { path: "/cart", element: <CartPage /> },
      { path: "/checkout/return", element: <ReturnPage /> },
      {
        path: "/checkout",
        element: <CheckoutLayout />,
        children: [
          { index: true, element: <ContactStep /> },
          { path: "contact", element: <ContactStep /> },
          { path: "pickup", element: <PickupStep /> },
          { path: "review", element: <ReviewStep /> },
        ],
      },
      { path: "/order/:id", element: <OrderPage /> },
      { path: "/order/:id/confirmed", element: <OrderPage confirmed /> },
      { path: "/find-order", element: <FindOrderPage /> },
      { path: "/sign-in", element: <SignInPage /> },
      { path: "/account/orders", element: <OrdersPage /> },
      { path: "*", element: <NotFound /> },
    ],
  },
]);

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Asked even when the browser believes to be offline: a failure that is said beats a page that waits.
      queries: {
        networkMode: "always",
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isTransient(error),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

export function App() {
  const [client] = useState(makeQueryClient);
  // Labels come from the API in the reader's language: another language asks anew.
  useEffect(() => {
    const askAnew = () => void client.invalidateQueries();
    i18n.on("languageChanged", askAnew);
    return () => i18n.off("languageChanged", askAnew);
  }, [client]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme="light">
      <Boundary>
        <QueryClientProvider client={client}>
          <ShopProvider>
            <RouterProvider router={router} />
          </ShopProvider>
        </QueryClientProvider>
      </Boundary>
    </MantineProvider>
  );
}

function Broken() {
  return <FullPageError message={i18n.t("errors.internal")} onRetry={() => window.location.reload()} />;
}

/** The last resort: a bug shows a sentence and a way on instead of an empty page. */
class Boundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  render() {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}
