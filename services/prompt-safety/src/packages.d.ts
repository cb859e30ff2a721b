declare module 'naughty-words' {
  /** Words and phrases by language code (ISO 639-1, some with a region). */
  const words: Readonly<Record<string, readonly string[]>>;
  export default words;
}
