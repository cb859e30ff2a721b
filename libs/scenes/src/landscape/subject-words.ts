/** What people call the subjects of landscapes, and what those do. */
import type { Colour } from '../palette.ts';
import type { Kind, Value } from './vocabulary.ts';

/** [singular, plural] names that tell the kind; names of forests' trees are plural only. */
export const KIND_NAMES: Record<Exclude<Kind, 'none'>, readonly (readonly [one: string, many: string])[]> = {
  sailboat: [
    ['sailboat', 'sailboats'],
    ['sailboat', 'sailboats'],
    ['yacht', 'yachts'],
    ['sailing boat', 'sailing boats'],
    ['sloop', 'sloops'],
    ['dinghy', 'dinghies'],
    ['sailing yacht', 'sailing yachts'],
    ['sailing ship', 'sailing ships'],
    ['boat with sails', 'boats with sails'],
  ],
  ship: [
    ['ship', 'ships'],
    ['ship', 'ships'],
    ['steamship', 'steamships'],
    ['steamboat', 'steamboats'],
    ['steamer', 'steamers'],
    ['ocean liner', 'ocean liners'],
    ['ferry', 'ferries'],
    ['freighter', 'freighters'],
    ['cargo ship', 'cargo ships'],
    ['cruise ship', 'cruise ships'],
  ],
  rowboat: [
    ['rowboat', 'rowboats'],
    ['rowing boat', 'rowing boats'],
    ['canoe', 'canoes'],
    ['boat with oars', 'boats with oars'],
    ['fishing boat', 'fishing boats'],
    ['kayak', 'kayaks'],
  ],
  lighthouse: [
    ['lighthouse', 'lighthouses'],
    ['light tower', 'light towers'],
    ['beacon tower', 'beacon towers'],
  ],
  house: [
    ['house', 'houses'],
    ['house', 'houses'],
    ['cottage', 'cottages'],
    ['cabin', 'cabins'],
    ['farmhouse', 'farmhouses'],
    ['home', 'homes'],
    ['hut', 'huts'],
    ['villa', 'villas'],
    ['barn', 'barns'],
    ['mansion', 'mansions'],
  ],
  dog: [
    ['dog', 'dogs'],
    ['dog', 'dogs'],
    ['dog', 'dogs'],
    ['puppy', 'puppies'],
    ['hound', 'hounds'],
    ['pup', 'pups'],
    ['doggy', 'doggies'],
  ],
  cat: [
    ['cat', 'cats'],
    ['cat', 'cats'],
    ['kitten', 'kittens'],
    ['kitty', 'kitties'],
  ],
  horse: [
    ['horse', 'horses'],
    ['horse', 'horses'],
    ['pony', 'ponies'],
    ['stallion', 'stallions'],
    ['mare', 'mares'],
    ['foal', 'foals'],
  ],
  cow: [
    ['cow', 'cows'],
    ['cow', 'cows'],
    ['dairy cow', 'dairy cows'],
    ['bull', 'bulls'],
    ['ox', 'oxen'],
    ['calf', 'calves'],
  ],
  sheep: [
    ['sheep', 'sheep'],
    ['sheep', 'sheep'],
    ['lamb', 'lambs'],
    ['ewe', 'ewes'],
    ['ram', 'rams'],
  ],
  camel: [
    ['camel', 'camels'],
    ['camel', 'camels'],
    ['dromedary', 'dromedaries'],
  ],
  cactus: [
    ['cactus', 'cacti'],
    ['cactus', 'cactuses'],
    ['saguaro', 'saguaros'],
    ['saguaro cactus', 'saguaro cacti'],
  ],
  pyramid: [
    ['pyramid', 'pyramids'],
    ['pyramid', 'pyramids'],
    ['Egyptian pyramid', 'Egyptian pyramids'],
    ['ancient pyramid', 'ancient pyramids'],
  ],
  palm: [
    ['palm tree', 'palm trees'],
    ['palm tree', 'palm trees'],
    ['palm', 'palms'],
    ['coconut palm', 'coconut palms'],
    ['coconut tree', 'coconut trees'],
  ],
  umbrella: [
    ['umbrella', 'umbrellas'],
    ['beach umbrella', 'beach umbrellas'],
    ['parasol', 'parasols'],
    ['sunshade', 'sunshades'],
  ],
  car: [
    ['car', 'cars'],
    ['car', 'cars'],
    ['automobile', 'automobiles'],
    ['taxi', 'taxis'],
    ['parked car', 'parked cars'],
    ['vehicle', 'vehicles'],
    ['sedan', 'sedans'],
    ['motor car', 'motor cars'],
  ],
  tree: [
    ['tree', 'trees'],
    ['tree', 'trees'],
    ['leafy tree', 'leafy trees'],
    ['oak', 'oaks'],
    ['apple tree', 'apple trees'],
    ['maple', 'maples'],
  ],
  pine: [
    ['pine tree', 'pine trees'],
    ['pine', 'pines'],
    ['fir tree', 'fir trees'],
    ['spruce', 'spruces'],
    ['evergreen', 'evergreens'],
    ['conifer', 'conifers'],
  ],
};

/** Names that tell the group only. */
export const GROUP_NAMES: Partial<Record<Value<'subject1.group'>, readonly (readonly [string, string])[]>> = {
  boat: [
    ['boat', 'boats'],
    ['boat', 'boats'],
    ['boat', 'boats'],
    ['little boat', 'little boats'],
    ['vessel', 'vessels'],
  ],
  animal: [
    ['animal', 'animals'],
    ['beast', 'beasts'],
    ['creature', 'creatures'],
  ],
  building: [['building', 'buildings']],
};

/** What an animal or boat may be doing; tells nothing of its own. */
export const DOING: Partial<Record<Kind, readonly string[]>> = {
  sailboat: ['sailing', 'floating', 'drifting', 'gliding'],
  ship: ['sailing', 'steaming', 'cruising'],
  rowboat: ['floating', 'drifting', 'resting'],
  dog: ['sitting', 'sitting', 'sitting down', 'waiting', 'that sits'],
  cat: ['sitting', 'sitting', 'sitting upright', 'resting'],
  horse: ['standing', 'grazing', 'resting'],
  cow: ['standing', 'grazing', 'resting'],
  sheep: ['standing', 'grazing'],
  camel: ['standing', 'walking', 'resting'],
};

/** Words for the coats of animals, beside the plain colour names. */
export const COATS: Partial<Record<Kind, Partial<Record<Colour, readonly string[]>>>> = {
  dog: { yellow: ['golden', 'yellow', 'blond'], brown: ['brown', 'brown', 'chestnut'] },
  cat: { orange: ['ginger', 'orange', 'red-haired'], grey: ['grey', 'gray'] },
  horse: { brown: ['brown', 'brown', 'chestnut', 'bay'] },
  cow: { black: ['black and white', 'spotted', 'black'] },
};
