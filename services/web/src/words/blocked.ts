/** Why something was not drawn, said kindly: a verdict is about the words or the picture, never about the person. */
import { SafetyCategory, SafetySubject, type SafetyVerdict } from '@atelier/contracts';

const THEMES: Partial<Record<SafetyCategory, string>> = {
  [SafetyCategory.VIOLENCE]: 'violence',
  [SafetyCategory.HATE]: 'hatred of people',
  [SafetyCategory.NUDITY]: 'nudity',
  [SafetyCategory.SELF_HARM]: 'self-harm',
  [SafetyCategory.MINORS]: 'the safety of children',
  [SafetyCategory.HARASSMENT]: 'harassment',
  [SafetyCategory.ILLEGAL]: 'crime',
  [SafetyCategory.SHOCKING]: 'something shocking',
};

export interface BlockedWords {
  /** "violence"; "something that is not drawn here" where no category is given. */
  theme: string;
  /** What happened. */
  message: string;
  /** What to do. */
  advice: string;
}

export function blockedWords({ category, subject }: SafetyVerdict): BlockedWords {
  const theme = THEMES[category] ?? 'something that is not drawn here';
  const care =
    category === SafetyCategory.SELF_HARM
      ? ' If this is about you: you are not alone, and talking to somebody you trust helps.'
      : '';
  switch (subject) {
    case SafetySubject.IMAGE:
      return {
        theme,
        message: `The finished picture looked as if it shows ${theme}, so it is not shown.`,
        advice: 'That happens to harmless prompts too. Another seed often gives a picture that passes.',
      };
    case SafetySubject.INIT_IMAGE:
      return {
        theme,
        message: `The picture to begin from looked as if it shows ${theme}, so nothing was drawn.`,
        advice: 'Please begin from another picture.',
      };
    case SafetySubject.NEGATIVE_PROMPT:
      return {
        theme,
        message: `What to leave out seems to be about ${theme}, so nothing was drawn.`,
        advice: `Please say it in other words.${care}`,
      };
    default:
      return {
        theme,
        message: `The prompt seems to be about ${theme}, which this studio does not draw.`,
        advice: `If it was meant differently, other words may help. Nothing was drawn, and nobody was told.${care}`,
      };
  }
}
