/** English words for people, and what they say about gender, age and skin. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Who somebody is by one word: a trait's value, or `stated` where the word settles it without naming a value that is drawn. */
export const TRAIT_WORDS = {
  gender: {
    woman:
      words(`woman girl lady female mother mum mom grandmother grandma granny sister aunt daughter wife niece bride queen princess
      actress waitress heroine schoolgirl goddess nun she her hers herself`),
    man: words(`man boy guy gentleman male father dad grandfather grandpa granddad brother uncle son husband nephew groom king prince
      actor waiter hero schoolboy god monk fellow he him his himself`),
    stated: words(
      `beard bearded moustache mustache nonbinary non-binary androgynous genderfluid transgender trans agender they them their`,
    ),
  },
  age: {
    child: words(`girl boy child kid toddler baby infant schoolgirl schoolboy little`),
    young: words(`young youth youthful teenager teen teenage twenties student`),
    adult: words(
      `adult middle-aged grown grown-up mature thirties forties fifties mother mum mom father dad`,
    ),
    old: words(`old elderly elder senior aged pensioner grandmother grandma granny grandfather grandpa granddad sixties seventies eighties
      ancient wrinkled`),
    stated: words('year-old aging ageing retired'),
  },
  skin: {
    light: words('light-skinned fair-skinned pale-skinned white pale fair caucasian european'),
    medium: words('brown-skinned olive-skinned tan-skinned tanned medium-skinned olive tan'),
    dark: words('dark-skinned deep-skinned black'),
    stated:
      words(`skin skinned complexion brown african african-american asian american arab latino latina hispanic indian chinese japanese korean
      vietnamese thai filipino mexican brazilian nigerian kenyan ethiopian egyptian moroccan turkish iranian persian pakistani
      bangladeshi indonesian scandinavian nordic irish scottish english british french german italian spanish greek russian polish
      australian aboriginal maori polynesian indigenous inuit mediterranean jewish biracial mixed-race race ethnicity`),
  },
} as const;

export type Trait = keyof typeof TRAIT_WORDS;

/** Words that may say nothing of skin: only before a person do they. */
export const AMBIGUOUS_SKIN = words('white pale fair olive tan brown black little english french');

/** One person, nothing said of who it is. */
export const ANYBODY = words(
  'person human somebody someone face portrait headshot close-up individual adult child kid baby toddler teenager youth senior pensioner',
);

export const OCCUPATIONS =
  words(`accountant architect artist assistant astronaut athlete attorney baker barber bartender biologist
  bookkeeper broker builder butcher butler captain carpenter cashier chef chemist cleaner clerk coach consultant cook dancer dentist
  designer detective developer dispatcher doctor driver economist editor electrician engineer executive farmer firefighter florist
  gardener guard hairdresser historian housekeeper inspector instructor janitor journalist judge laborer labourer lawyer librarian
  lifeguard locksmith maid manager mathematician mechanic musician nurse nutritionist officer optician painter paralegal paramedic
  pharmacist photographer physician physicist pianist pilot pirate plumber poet politician porter president priest professor
  programmer psychologist realtor receptionist reporter researcher sailor salesperson scientist secretary singer soldier sommelier
  student supervisor surgeon surveyor tailor teacher technician teller therapist trainer translator veterinarian violinist
  welder worker writer ceo`);

/** More than one person. */
export const MANY =
  words(`people persons men women ladies gentlemen guys girls boys children kids toddlers babies teenagers adults elders
  seniors couple couples pair family families twins friends group crowd team choir band class students doctors nurses workers
  soldiers farmers sailors teachers dancers players siblings sisters brothers parents grandparents together`);
