/**
 * A negative prompt names what the picture must not show, and naming is not asking: "nsfw, blood, extra fingers" is a
 * careful user. Written as prose it may as well be the second half of the prompt.
 */

/** Longer entries between commas are prose. */
const WORDS_PER_TAG = 3;
const SEPARATOR = /[,;\n|、，]/u;

/** True for a list of short entries; one entry alone is a list when it is a word or two. */
export function isTagList(negative: string): boolean {
  const tags = negative.split(SEPARATOR).map((tag) => tag.trim().split(/\s+/u).length);
  return tags.length > 1 ? tags.every((count) => count <= WORDS_PER_TAG) : (tags[0] ?? 0) <= 2;
}
