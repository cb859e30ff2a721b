/** Content credentials: what made a picture, signed, as a C2PA manifest in the PNG itself. */
import { createHash } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { PNG } from '@trustnxt/c2pa-ts/asset';
import { CoseAlgorithmIdentifier, LocalSigner, type Signer } from '@trustnxt/c2pa-ts/cose';
import {
  ActionAssertion,
  ActionType,
  ClaimVersion,
  DataHashAssertion,
  DigitalSourceType,
  ManifestStore,
  Signature,
} from '@trustnxt/c2pa-ts/manifest';
import type { Identity } from './identity.ts';

/** What is said of a picture. No prompt is among it: credentials travel wherever the picture goes. */
export interface Origin {
  /** Of the software that drew it, "0.1.0". */
  version: string;
  /** Models that had a part in it, "name@version". */
  models: readonly string[];
  /** Whether it began from a picture that somebody gave. */
  fromPicture: boolean;
  /** Whether words were added to the prompt. */
  promptEnhanced: boolean;
  /** Whether among them were attributes of people that the prompt left open, chosen for fair representation. */
  demographicsChosen: boolean;
}

export const GENERATOR = 'Atelier';

/** Names of our own in the action's parameters, after the vendor as C2PA wants it. */
export const PARAMETERS = {
  models: 'atelier.models',
  promptEnhanced: 'atelier.prompt_enhanced',
  demographicsChosen: 'atelier.demographics_chosen',
} as const;

const HASH = 'SHA-256';
/** Room for the signature, bytes; what it leaves is padding, whose length must not need fewer bytes to be written. */
const SIGNATURE_ROOM = 1_024;

/**
 * `png` with credentials in a chunk before its pixels. The same picture, origin and identity give the same bytes: ids are
 * drawn from their hash, Ed25519 is deterministic, and no time is stated, for it would differ between two runs.
 * Rejects when `png` is no PNG.
 */
export async function writeCredentials(
  png: Uint8Array,
  origin: Origin,
  identity: Identity,
): Promise<Uint8Array> {
  const signer = signerOf(identity);
  const asset = new PNG(png);
  const store = new ManifestStore();
  const id = idOf(png, origin);
  const manifest = store.createManifest({
    claimVersion: ClaimVersion.V2,
    assetFormat: asset.mimeType,
    instanceID: `xmp:iid:${id}`,
    defaultHashAlgorithm: HASH,
    signer,
  });
  manifest.label = `urn:c2pa:${id}`;
  manifest.signature = Signature.create(signer, SIGNATURE_ROOM);
  if (manifest.claim) {
    manifest.claim.claimGeneratorName = GENERATOR;
    manifest.claim.claimGeneratorVersion = origin.version;
  }
  manifest.addAssertion(actionsOf(origin));
  const binding = DataHashAssertion.create(HASH);
  manifest.addAssertion(binding);
  await asset.ensureManifestSpace(store.measureSize());
  await binding.updateWithAsset(asset);
  await manifest.sign(signer);
  await asset.writeManifestJUMBF(store.getBytes());
  return await asset.getDataRange();
}

/** A signer for each identity: parsing its certificates takes as long as signing does. */
const signers = new WeakMap<Identity, Signer>();

function signerOf(identity: Identity): Signer {
  const known = signers.get(identity) ?? openSigner(identity);
  signers.set(identity, known);
  return known;
}

function openSigner({ chain, privateKey }: Identity): Signer {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const [own, ...others] = chain.map(({ raw }) => new X509Certificate(new Uint8Array(raw)));
  return new LocalSigner(
    new Uint8Array(pkcs8),
    CoseAlgorithmIdentifier.Ed25519,
    own as X509Certificate,
    others,
  );
}

function actionsOf(origin: Origin): ActionAssertion {
  const actions = new ActionAssertion();
  actions.actions = [
    {
      action: ActionType.C2paCreated,
      digitalSourceType: origin.fromPicture
        ? DigitalSourceType.CompositeWithTrainedAlgorithmicMedia
        : DigitalSourceType.TrainedAlgorithmicMedia,
      softwareAgent: { name: GENERATOR, version: origin.version },
      parameters: {
        [PARAMETERS.models]: [...origin.models].sort(),
        [PARAMETERS.promptEnhanced]: origin.promptEnhanced,
        [PARAMETERS.demographicsChosen]: origin.demographicsChosen,
      },
    },
    { action: ActionType.C2paWatermarked },
  ];
  return actions;
}

/** A UUID of version 8 (RFC 9562, section 5.8): 122 bits of the hash of the picture and what is said of it. */
function idOf(png: Uint8Array, origin: Origin): string {
  const hash = createHash('sha256').update(JSON.stringify(origin)).update(png).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
