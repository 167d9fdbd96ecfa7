/** Which of the operator's channels a shopper buys in. Pure. */

interface Choosable {
  slug: string;
  country: string;
}

/** The channel chosen before, else that of the first country that the browser's languages speak of; English means the United States. */
export function pickChannel<TChannel extends Choosable>(
  channels: readonly TChannel[], choice: string | null, languages: readonly string[],
): TChannel | undefined {
  const chosen = channels.find(({ slug }) => slug === choice);
  if (chosen) return chosen;
  for (const country of [...languages, "en"].flatMap(countriesOf)) {
    const found = channels.find((channel) => channel.country === country);
    if (found) return found;
  }
  return channels[0];
}

/** The country of a language tag, then the one where its language is at home: "zh-SG" is SG, then CN. */
function countriesOf(tag: string): string[] {
  try {
    const locale = new Intl.Locale(tag);
    const home = new Intl.Locale(locale.language).maximize().region;
    return [locale.region, home].filter((region) => region !== undefined);
  } catch {
    // A browser may send what is no language tag: it says nothing about a country.
    return [];
  }
}
