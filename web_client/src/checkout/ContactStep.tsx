import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useOutletContext } from "react-router";
import { CartContactUpdateDocument } from "../api/cartDocuments";
import { perform } from "../api/client";
import { byField, problemsOf } from "../api/problems";
import { type Cart, useKeepCart } from "../cart/useCart";
import { session } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";

const FIELDS = ["firstName", "lastName", "email", "phone"] as const;
type Field = (typeof FIELDS)[number];
type Values = Record<Field, string>;

const INPUTS: Record<Field, { type: string; autoComplete: string; inputMode?: "email" | "tel" }> = {
  firstName: { type: "text", autoComplete: "given-name" },
  lastName: { type: "text", autoComplete: "family-name" },
  email: { type: "email", autoComplete: "email", inputMode: "email" },
  phone: { type: "tel", autoComplete: "tel", inputMode: "tel" },
};

/** What this page can tell without asking: the API judges the rest. */
function missing(values: Values): Field[] {
  const required: Field[] = ["firstName", "lastName", "email"];
  return required.filter((field) => !values[field].trim());
}

export function ContactStep() {
  const { t } = useTranslation();
  const cart = useOutletContext<Cart>();
  const signedIn = session.use();
  const [values, setValues] = useState<Values>(() => startValues(cart, signedIn?.email));
  const [tried, setTried] = useState(false);
  const save = useSaveContact(cart.id);
  const { fields, rest } = byField(problemsOf(save.error), FIELDS);
  const empty = tried ? missing(values) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = missing(values);
    if (first) document.getElementById(`contact-${first}`)?.focus();
    else save.mutate(values);
  };
  return (
    <form className="panel form" onSubmit={submit} noValidate>
      <h2>{t("checkout.contactTitle")}</h2>
      <p className="dimmed">{t("checkout.contactText")}</p>
      {!signedIn && (
        <p>{t("checkout.haveAccount")} <Link to="/sign-in?next=/checkout/contact">{t("account.signIn")}</Link></p>
      )}
      <div className="form-grid">
        {FIELDS.map((field) => (
          <TextInput key={field} id={`contact-${field}`} {...INPUTS[field]} label={t(`contact.${field}`)} maxLength={200}
            required={field !== "phone"} value={values[field]}
            inputWrapperOrder={["label", "input", "description", "error"]}
            description={field === "phone" ? t("contact.phoneHint") : undefined}
            onChange={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
            error={empty.includes(field) ? t("contact.required") : fields[field]} />
        ))}
      </div>
      <ErrorNote problems={rest} onRetry={rest.some(({ code }) => code === "NETWORK") ? () => save.mutate(values) : undefined} />
      <Button type="submit" size="lg" loading={save.isPending}>{t("checkout.toPickup")}</Button>
    </form>
  );
}

function startValues({ contact }: Cart, email?: string): Values {
  return {
    firstName: contact.firstName ?? "",
    lastName: contact.lastName ?? "",
    email: contact.email || email || "",
    phone: contact.phone ?? "",
  };
}

function useSaveContact(cartId: string) {
  const keep = useKeepCart();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (values: Values) => {
      const trimmed = Object.fromEntries(FIELDS.map((field) => [field, values[field].trim()])) as Values;
      const contact = { ...trimmed, phone: trimmed.phone || null };
      const payload = await perform("cart.contact", CartContactUpdateDocument, { cartId, contact }, (r) => r.cartContactUpdate);
      return payload.cart;
    },
    onSuccess: (cart) => {
      keep(cart);
      void navigate("/checkout/pickup");
    },
  });
}
