/** Keys that make a mutation repeatable: one key per intent, kept until the intent is settled. */

/** A random UUID; works without a secure context too, where `crypto.randomUUID` is missing. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}

/**
 * The keys of intents under way. A repeat of the same intent with the same body gets the same key, so that the server
 * answers it once; another body is another intent. `settle` when the outcome is known: the next time is a new intent.
 */
export class IntentKeys {
  private readonly pending = new Map<string, { body: string; key: string }>();

  keyFor(intent: string, variables: unknown): string {
    const body = JSON.stringify(variables);
    const known = this.pending.get(intent);
    if (known && known.body === body) return known.key;
    const key = newKey();
    this.pending.set(intent, { body, key });
    return key;
  }

  settle(intent: string): void {
    this.pending.delete(intent);
  }
}
