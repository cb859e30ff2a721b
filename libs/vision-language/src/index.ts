export * from './attribute-reader.ts';
export * from './captioner.ts';
export { decode, type NextToken } from './decode.ts';
export * from './dual-encoder.ts';
export * from './judge.ts';
export { PICTURE_SIDE, picturePlanes } from './picture.ts';
export * from './quality-scorer.ts';
export * from './text-states.ts';
