import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { CartContactUpdateDocument } from "@shared/documents/cart";
import { perform } from "../api/client";
import { byField, problemsOf } from "../api/problems";
import { type Cart, useKeepCart } from "../cart/useCart";
import type { ContactInput } from "../gql/graphql";
import { useShop } from "../session/shop";
import { session } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useCheckout } from "./CheckoutLayout";

const PERSON = ["firstName", "lastName", "email", "phone"] as const;
/** Asked only when nothing is collected: otherwise the store's address stands on the bill. */
const ADDRESS = ["streetAddress1", "city", "countryArea", "postalCode"] as const;
const FIELDS = [...PERSON, ...ADDRESS];
type Field = (typeof FIELDS)[number];
type Values = Record<Field, string>;

const INPUTS: Record<Field, { type?: string; autoComplete: string; inputMode?: "email" | "tel" }> = {
  firstName: { autoComplete: "given-name" },
  lastName: { autoComplete: "family-name" },
  email: { type: "email", autoComplete: "email", inputMode: "email" },
  phone: { type: "tel", autoComplete: "tel", inputMode: "tel" },
  streetAddress1: { autoComplete: "billing street-address" },
  city: { autoComplete: "billing address-level2" },
  countryArea: { autoComplete: "billing address-level1" },
  postalCode: { autoComplete: "billing postal-code" },
};

/** What this page can tell without asking: the API judges the rest. */
function missing(values: Values, asked: readonly Field[]): Field[] {
  return asked.filter((field) => field !== "phone" && !values[field].trim());
}

export function ContactStep() {
  const { t } = useTranslation();
  const { cart, needsPickup } = useCheckout();
  const signedIn = session.use();
  const [values, setValues] = useState<Values>(() => startValues(cart, signedIn?.email));
  const [tried, setTried] = useState(false);
  const asked: readonly Field[] = needsPickup ? PERSON : FIELDS;
  const save = useSaveContact(cart.id, needsPickup ? "/checkout/pickup" : "/checkout/review");
  const { fields, rest } = byField(problemsOf(save.error), FIELDS);
  const empty = tried ? missing(values, asked) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = missing(values, asked);
    if (first) document.getElementById(`contact-${first}`)?.focus();
    else save.mutate(values);
  };
  const input = (field: Field) => (
    <TextInput key={field} id={`contact-${field}`} {...INPUTS[field]} label={t(`contact.${field}`)} maxLength={200}
      required={field !== "phone"} value={values[field]}
      inputWrapperOrder={["label", "input", "description", "error"]}
      description={field === "phone" ? t("contact.phoneHint") : undefined}
      onChange={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
      error={empty.includes(field) ? t("contact.required") : fields[field]} />
  );
  return (
    <form className="panel form" onSubmit={submit} noValidate>
      <h2>{t(needsPickup ? "checkout.contactTitle" : "checkout.contactTitleOnly")}</h2>
      <p className="dimmed">{t(needsPickup ? "checkout.contactText" : "checkout.contactTextOnly")}</p>
      {!signedIn && (
        <p>{t("checkout.haveAccount")} <Link to="/sign-in?next=/checkout/contact">{t("account.signIn")}</Link></p>
      )}
      <div className="form-grid">{PERSON.map(input)}</div>
      {!needsPickup && (
        <>
          <h3>{t("contact.billing")}</h3>
          <div className="form-grid">{ADDRESS.map(input)}</div>
        </>
      )}
      <ErrorNote problems={rest} onRetry={rest.some(({ code }) => code === "NETWORK") ? () => save.mutate(values) : undefined} />
      <Button type="submit" size="lg" loading={save.isPending}>{t(needsPickup ? "checkout.toPickup" : "checkout.toReviewOnly")}</Button>
    </form>
  );
}

function startValues({ contact }: Cart, email?: string): Values {
  return {
    firstName: contact.firstName ?? "",
    lastName: contact.lastName ?? "",
    email: contact.email || email || "",
    phone: contact.phone ?? "",
    streetAddress1: "",
    city: "",
    countryArea: "",
    postalCode: "",
  };
}

/** The API's input; an address only when one was given. */
export function contactOf(values: Values, country: string): ContactInput {
  const { firstName, lastName, email, phone, streetAddress1, city, countryArea, postalCode } = trimmed(values);
  const address = { firstName, lastName, streetAddress1, city, countryArea, postalCode, country };
  return { firstName, lastName, email, phone: phone || null, ...(streetAddress1 && { billingAddress: address }) };
}

const trimmed = (values: Values) =>
  Object.fromEntries(FIELDS.map((field) => [field, values[field].trim()])) as Values;

function useSaveContact(cartId: string, next: string) {
  const keep = useKeepCart();
  const { country } = useShop();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (values: Values) => {
      const contact = contactOf(values, country);
      const payload = await perform("cart.contact", CartContactUpdateDocument, { cartId, contact }, (r) => r.cartContactUpdate);
      return payload.cart;
    },
    onSuccess: (cart) => {
      keep(cart);
      void navigate(next);
    },
  });
}
