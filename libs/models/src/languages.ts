/**
 * Whether one of the supported languages serves a BCP-47 tag: itself, or a tag it is the beginning of ("en" serves
 * "en-GB"), as in RFC 4647 section 3.4. False for malformed tags.
 */
export function supportsLanguage(supported: readonly string[], tag: string): boolean {
  try {
    const wanted = new Intl.Locale(tag).baseName.toLowerCase();
    return supported.some((language) => `${wanted}-`.startsWith(`${language.toLowerCase()}-`));
  } catch {
    return false;
  }
}
