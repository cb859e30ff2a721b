/** English words that carry no picture of their own, so that their absence from the training captions means nothing. */
const FUNCTION_WORDS = new Set(
  `a an another other the this that these those some any each every all both no not and or but nor so yet if then than as of in on at
  by to from with without into onto over under above below near beside behind between among across through along
  around about against before after during until up down out off for is are was were be been being am do does did
  has have had can could will would should may might must it its he she they them his her their him we us our you
  your i me my who whom whose which what where when while there here very too more most less least much many few
  only just also please s t re ve ll picture image photo photograph illustration drawing painting show showing
  depicting featuring draw paint make create`.split(/\s+/u),
);

/** True for articles, prepositions, pronouns, auxiliaries and the words people address a picture machine with. */
export function isFunctionWord(word: string): boolean {
  return FUNCTION_WORDS.has(word);
}
