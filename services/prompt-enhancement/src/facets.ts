/** What a prompt can settle about a picture. A facet that the user has settled is never touched. */

export type Facet =
  | 'place'
  | 'time'
  | 'weather'
  | 'season'
  | 'birds'
  | 'background'
  | 'clothing'
  | 'expression'
  | 'style';

/** What a picture is of, as far as it decides which additions make sense. */
export type Domain = 'landscape' | 'portrait' | 'abstract' | 'other';
