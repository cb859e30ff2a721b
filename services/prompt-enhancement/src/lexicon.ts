/**
 * English words and what they settle. Wide on purpose: a facet wrongly taken as settled costs an addition, one wrongly
 * taken as open could contradict the user. A word also matches its plural and "-ing"/"-y" neighbours where listed.
 */
import type { Domain, Facet } from './facets.ts';
import { OCCUPATIONS } from './people-words.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Words (folded) that settle facets. A word may stand in several lists. */
const SETTLE: readonly (readonly [readonly Facet[], readonly string[]])[] = [
  [
    ['time'],
    words(`day days daytime daylight noon midday afternoon morning sunrise dawn daybreak sunset sundown dusk twilight evening
      night nights nighttime night-time nightfall midnight dark darkness moon moonlight moonlit moonrise star stars starry starlight sunlit
      sunlight sunshine sun sunny nocturnal aurora dim lantern lanterns neon firelight bonfire fireworks hour gloaming
      lit light bright glowing`),
  ],
  [
    ['weather'],
    words(`clear cloud clouds cloudy cloudless overcast grey-skied rain rains raining rainy drizzle downpour wet storm storms stormy thunder
      thunderstorm snowstorm pouring lightning snow snows snowing snowy snowfall snowflakes blizzard hail sleet fog foggy mist misty haze hazy wind
      winds windy breeze breezy gale gust gusty sun sunny sunshine sunlit rainbow weather sky skies tornado hurricane icy frost
      frosty puddle puddles aurora
      star stars starry starlight`),
  ],
  [
    ['season'],
    words(`spring springtime summer summertime summery autumn autumnal fall winter wintertime wintry snow snowy snowing
      snow-covered snow-capped snowfall snowflakes blizzard frost frosty ice icy frozen blossom blossoms blossoming bloom blooming
      harvest leaves foliage christmas easter halloween ski skiing sledge sled monsoon`),
  ],
  [
    ['place'],
    words(`sea seas ocean oceans bay coast coastal shore shores seashore seaside beach beaches lake lakes lakeside pond river riverside
      stream waterfall water waters harbour harbor port island waves underwater reef mountain mountains peak peaks alps alpine
      hill hills hillside valley canyon cliff cliffs volcano forest forests wood woods woodland jungle rainforest grove desert
      deserts dune dunes oasis sand city cities town village street streets road roads highway downtown skyline cityscape
      skyscraper skyscrapers square park garden gardens meadow meadows field fields grass pasture lawn countryside farm
      prairie grassland grasslands clearing sahara mansion savanna savannah orchard vineyard sky space planet orbit galaxy moon mars room kitchen bedroom office house
      indoors inside interior studio library castle palace church cathedral temple museum station train airport bridge cave
      tunnel stage stadium market cafe restaurant bar school classroom hospital beachside arctic antarctic iceberg swamp
      roof rooftop balcony window landscape landscapes scenery horizon`),
  ],
  [
    ['birds'],
    words(`bird birds gull gulls seagull seagulls crow crows raven ravens pigeon pigeons swallow swallows goose geese duck ducks swan swans
      eagle eagles hawk hawks owl owls parrot parrots flock wings feathers`),
  ],
  [
    // Indoors and out of this world there is neither weather nor season, and light is another matter.
    ['time', 'weather', 'season', 'birds'],
    words(`underwater space planet orbit galaxy mars room kitchen bedroom office indoors inside interior studio library museum
      station cave tunnel stage classroom hospital cafe restaurant`),
  ],
  [
    ['background'],
    words(`background backgrounds backdrop wall behind before against ground stripe stripes striped bands lines checkerboard
      chessboard checkered chequered checks gradient fading blend transition waves wavy ring rings concentric bullseye target
      sunburst starburst rays pattern patterns`),
  ],
  [
    ['clothing'],
    words(`wear wears wearing wore worn dressed dress dresses shirt shirts t-shirt tshirt top sweater jumper pullover hoodie jacket coat
      suit uniform armour armor robe robes cloak gown skirt trousers jeans blouse scarf tie kimono sari apron clothes
      clothing outfit costume vest cardigan sweatshirt polo tunic waistcoat blazer`),
  ],
  [
    ['expression'],
    words(`smile smiles smiling happy cheerful grin grinning laugh laughing joyful sad unhappy sorrowful gloomy frown frowning
      miserable crying tears surprised astonished shocked amazed startled serious calm neutral expressionless composed angry
      furious scared afraid worried tired bored thoughtful pensive expression look looks`),
  ],
  [
    ['style'],
    words(`style styled illustration illustrated drawing drawn painting painted paint photo photograph photographic photorealistic realistic
      render rendering 3d cartoon comic anime manga sketch watercolour watercolor oil acrylic pastel charcoal pencil ink woodcut
      engraving linocut poster print collage mosaic pixel vector flat minimalist minimal impressionist impressionism cubist
      cubism surreal surrealist baroque abstract retro vintage art artwork graffiti stencil origami lowpoly icon logo`),
  ],
];

/** Words that say what the picture is of. */
const DOMAIN_WORDS: Record<Exclude<Domain, 'other'>, readonly string[]> = {
  portrait: [
    ...OCCUPATIONS,
    ...words(`portrait face headshot close-up person people human woman women man men lady ladies gentleman gentlemen guy girl girls boy
    boys child children kid toddler baby teenager teen adults elder elders couple family grandmother grandma granny grandfather grandpa granddad
    mother father mum mom dad sister brother aunt uncle schoolgirl schoolboy hair beard bearded moustache mustache glasses
    sunglasses spectacles eyes queen king prince princess doctor nurse teacher farmer sailor chef soldier pirate astronaut
    muslim christian jew hindu buddhist sikh african asian european american arab latino latina indian chinese japanese`),
  ],
  landscape:
    words(`landscape seascape boat boats sailboat sailboats yacht ship ships sloop dinghy rowboat canoe ferry vessel lighthouse
    house houses cottage cabin farmhouse hut home barn dog dogs puppy hound cat cats kitten horse horses pony cow cows bull ox
    sheep lamb lambs goat camel camels animal animals bird birds tree trees oak pine pines palm palms cactus cacti pyramid
    pyramids umbrella parasol car cars taxi bus mountain mountains lake sea ocean beach forest woods desert city skyline
    street town meadow field countryside river island hills village building buildings`),
  abstract:
    words(`abstract pattern patterns shape shapes circle circles disc square squares triangle triangles heart hearts diamond
    diamonds rhombus stripe stripes striped checkerboard chessboard checkered chequered dots dotted polka gradient rings
    concentric bullseye sunburst starburst rays symbol icon yin yang geometric`),
};

/** Where a subject is at home: the first list that has one of the prompt's words decides. */
export type Habitat = 'sea' | 'desert' | 'beach' | 'city' | 'meadow';

const HABITATS: readonly (readonly [Habitat, readonly string[]])[] = [
  [
    'sea',
    words(`boat boats sailboat sailboats yacht yachts ship ships sloop dinghy steamship steamer liner freighter vessel
      sailing ferry`),
  ],
  ['desert', words('camel camels dromedary cactus cacti cactuses saguaro pyramid pyramids')],
  ['beach', words('umbrella umbrellas parasol parasols palm palms')],
  ['city', words('car cars taxi taxis automobile')],
  [
    'meadow',
    words(`dog dogs puppy puppies hound cat cats kitten kittens horse horses pony ponies cow cows bull ox sheep lamb
      lambs goat cottage farmhouse tree trees oak`),
  ],
];

const FACETS_BY_WORD = new Map<string, Facet[]>();
for (const [facets, list] of SETTLE)
  for (const word of list) FACETS_BY_WORD.set(word, [...(FACETS_BY_WORD.get(word) ?? []), ...facets]);

/** Words that say together what none of them says alone. */
const SETTLE_TOGETHER: readonly (readonly [RegExp, readonly Facet[]])[] = [
  [/\bblue sk(y|ies)\b/, ['time', 'weather']],
  [/\bon (a|the) green\b/, ['place']],
  [/\b(among|between|under) (the )?trees\b/, ['place']],
];

/** Facets that a turn of phrase of the prompt (folded) settles. */
export const facetsOfPhrases = (prompt: string): readonly Facet[] =>
  SETTLE_TOGETHER.flatMap(([pattern, facets]) => (pattern.test(prompt) ? facets : []));

/** Facets that a word (folded) settles. */
export const facetsOf = (word: string): readonly Facet[] => FACETS_BY_WORD.get(word) ?? [];

/** How many of the words belong to each domain. */
export function domainCounts(prompt: readonly string[]): Record<Exclude<Domain, 'other'>, number> {
  const count = (list: readonly string[]): number => prompt.filter((word) => list.includes(word)).length;
  return {
    portrait: count(DOMAIN_WORDS.portrait),
    landscape: count(DOMAIN_WORDS.landscape),
    abstract: count(DOMAIN_WORDS.abstract),
  };
}

/** Where the prompt's subject is at home, if it has a word for one. */
export const habitatOf = (prompt: readonly string[]): Habitat | undefined =>
  HABITATS.find(([, list]) => prompt.some((word) => list.includes(word)))?.[0];

/** Colours, so that an addition of colour does not join one that is the user's. */
export const COLOUR_WORDS: readonly string[] =
  words(`red orange yellow green teal blue purple pink brown black white grey gray golden gold
  silver scarlet crimson navy turquoise violet magenta beige cream emerald lemon tangerine cobalt azure rose chestnut
  colourful colorful rainbow monochrome`);

/** Parts of a picture that take a colour without settling clothes or background. */
export const COLOURED_PARTS: readonly string[] =
  words(`hair beard moustache mustache eyes skin hat cap beanie glasses sunglasses curls bun ponytail afro
  ringlets brows lips nose circle circles disc discs disk disks ball balls square squares box boxes block blocks
  triangle triangles star stars heart hearts diamond diamonds rhombus rhombuses shape shapes sun moon`);

/** People, of whom a colour word tells the skin: it says nothing of clothes or background. */
export const isPerson = (word: string): boolean => DOMAIN_WORDS.portrait.includes(word);
