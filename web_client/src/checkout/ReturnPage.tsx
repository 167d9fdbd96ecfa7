/** Back from the bank's page: the completion goes on under the key it began with. */

import { Button, Loader } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { pendingCompletion } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { usePlaceOrder } from "./usePlaceOrder";

export function ReturnPage() {
  const { t } = useTranslation();
  const pending = useRef(pendingCompletion.get()).current;
  const started = useRef(false);
  const place = usePlaceOrder();
  const { mutate } = place;
  useTitle(t("checkout.title"));
  useEffect(() => {
    if (!pending || started.current) return;
    started.current = true;
    mutate(pending);
  }, [pending, mutate]);

  if (!pending) return <Navigate to="/cart" replace />;
  return (
    <div className="wrap page narrow centred">
      <h1>{t("checkout.returning")}</h1>
      {!place.isError && <Loader color="pine" aria-label={t("common.loading")} />}
      <ErrorNote error={place.error} onRetry={() => mutate(pending)} />
      {place.isError && <Button component={Link} to="/checkout/review" variant="default" mt="md">{t("checkout.otherWay")}</Button>}
    </div>
  );
}
