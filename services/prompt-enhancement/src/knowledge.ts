/** What the bundle's models know: phrases with words they never saw are not added unasked. */
import { loadVocabulary, openBundle } from '@atelier/models';

const ROLE = 'vocabulary';
const FILE = 'words';

/** A test of phrases against the words the models were trained on; a bundle without such a list knows everything. */
export async function loadKnowledge(bundlePath: string): Promise<(phrase: string) => boolean> {
  const bundle = await openBundle(bundlePath, { roles: [] });
  if (!bundle.has(ROLE)) return () => true;
  const vocabulary = await loadVocabulary(bundle.file(ROLE, FILE));
  return (phrase) => vocabulary.unknownConcepts(phrase).length === 0;
}
