/** Reads the content credentials of a PNG and says whether they hold. */
import { X509Certificate } from 'node:crypto';
import { PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import {
  type Action,
  ActionType,
  type Manifest,
  ManifestStore,
  ValidationResult,
} from '@trustnxt/c2pa-ts/manifest';
import { isTrusted } from './identity.ts';
import { PARAMETERS } from './write.ts';

export interface Credentials {
  /** Whether the signature fits the claim, the claim the assertions, and the assertions the picture. */
  valid: boolean;
  /** Whether a given anchor vouches for the signer. A valid claim of an untrusted signer could be anybody's. */
  trusted: boolean;
  /** What does not hold: C2PA's status codes, "assertion.dataHash.mismatch". Empty when valid. */
  problems: string[];
  /** What is claimed, as far as it can be read. */
  claim: {
    /** Subject of the signer's certificate, "CN=…". */
    signer: string;
    /** Name and version of the software. */
    generator: string;
    /** How the picture came to be, IPTC's term: "trainedAlgorithmicMedia". */
    source: string;
    /** Models that had a part in it, "name@version". */
    models: string[];
    promptEnhanced: boolean;
    demographicsChosen: boolean;
  } | null;
}

/** Null for a PNG without credentials. Rejects when `png` is no PNG. */
export async function readCredentials(
  png: Uint8Array,
  anchors: readonly X509Certificate[] = [],
): Promise<Credentials | null> {
  const asset = new PNG(png);
  const jumbf = asset.getManifestJUMBF();
  if (!jumbf) return null;
  let manifest: Manifest | undefined;
  let result: ValidationResult;
  try {
    const store = ManifestStore.read(SuperBox.fromBuffer(Uint8Array.from(jumbf)));
    manifest = store.getActiveManifest();
    result = await store.validate(asset);
  } catch (error) {
    // Whatever is wrong with a stranger's file is a finding about the file.
    result = ValidationResult.fromError(error instanceof Error ? error : new Error(String(error)));
  }
  const signature = manifest?.signature?.signatureData;
  const chain = signature?.certificate
    ? [signature.certificate, ...signature.chainCertificates].map(
        ({ rawData }) => new X509Certificate(Buffer.from(rawData)),
      )
    : [];
  const problems = result.statusEntries.filter(({ success }) => !success).map(({ code }) => code);
  return {
    valid: result.isValid,
    trusted: result.isValid && isTrusted(chain, anchors),
    problems: [...new Set<string>(problems)],
    claim: manifest ? claimOf(manifest) : null,
  };
}

function claimOf({ claim, assertions, signature }: Manifest): Credentials['claim'] {
  const created = assertions
    ?.getActionAssertions()
    .flatMap(({ actions }) => actions)
    .find(({ action }) => action === ActionType.C2paCreated);
  const parameter = (name: string): unknown => (created as Action | undefined)?.parameters?.[name];
  const models = parameter(PARAMETERS.models);
  return {
    signer: signature?.signatureData.certificate?.subject ?? '',
    generator: [claim?.claimGeneratorName, claim?.claimGeneratorVersion].filter(Boolean).join(' '),
    source: created?.digitalSourceType?.split('/').at(-1) ?? '',
    models: Array.isArray(models) ? models.map(String) : [],
    promptEnhanced: parameter(PARAMETERS.promptEnhanced) === true,
    demographicsChosen: parameter(PARAMETERS.demographicsChosen) === true,
  };
}
