/** Captions as people wrote them → plain sentences without markup, addresses or other personal data. */
import { htmlToText } from 'html-to-text';
import { LinkifyIt } from 'linkify-it';

const links = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true });

/** Numbers long enough to reach a person: telephone, cards, accounts; with separators, 9 digits or more. */
const LONG_NUMBER = /(?<![\w.])\+?\(?\d(?:[\s().\-/]{0,2}\d){8,}(?!\w)/gu;
/** @name at a word's beginning. */
const HANDLE = /(?<![\p{L}\p{N}_.])@[\p{L}\p{N}_.]{2,}/gu;
/** Stands for what was taken out, while the words that led to it ("photo by", "see") are. */
const GONE = '\uFFFC';
const LEAD =
  /(?:\b(?:see|visit|via|source|contact|call|mail|me|e-mail|email|at|on|photo|credit|by)\b[\s:–-]*)*\uFFFC/giu;
/** File names and camera counters that stand where a caption should. */
const FILE_NAME =
  /^(?:img|dsc|dscn|image|photo|untitled|screenshot)?[\s_-]*\d*\s*(?:\.(?:jpe?g|png|gif|webp|tiff?))?$/iu;

/** The caption cleaned; empty when nothing that says something is left. */
export function cleanCaption(raw: string): string {
  let text = /[<&]/.test(raw) ? plainText(raw) : raw;
  text = text.normalize('NFC').replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  text = withoutLinks(text).replace(LONG_NUMBER, GONE).replace(HANDLE, GONE);
  const shorter = tidy(text.replace(LEAD, ' '));
  return FILE_NAME.test(shorter) || !/\p{L}{2}/u.test(shorter) ? '' : shorter;
}

function plainText(html: string): string {
  return htmlToText(html, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: '*', format: 'inline' },
    ],
  });
}

function withoutLinks(text: string): string {
  let rest = text;
  for (const { index, lastIndex } of (links.match(text) ?? []).reverse())
    rest = `${rest.slice(0, index)}${GONE}${rest.slice(lastIndex)}`;
  return rest;
}

const tidy = (text: string): string =>
  text
    .replace(/\s+/gu, ' ')
    .replace(/\s+([.,;:!?)])/gu, '$1')
    .replace(/\(\s*\)|\[\s*\]/gu, '')
    .replace(/^[\s,;:.\-|]+|[\s,;:\-|(]+$/gu, '')
    .trim();
