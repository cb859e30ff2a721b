export * from './bundle.ts';
export * from './errors.ts';
export * from './languages.ts';
export { MANIFEST_FILE, type Manifest, type ManifestFile, ManifestSchema } from './manifest.ts';
export { type Profile, type ProfileFigures, ProfileFiguresSchema, ProfileSchema } from './profile.ts';
export { bundleFolder, PRODUCTION_FILE, productionVersion, promote, publish } from './registry.ts';
export * from './tokenizer.ts';
export * from './vocabulary.ts';
export * from './windows.ts';
