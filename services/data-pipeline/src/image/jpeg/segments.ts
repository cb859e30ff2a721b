/** What a JPEG states of itself before its pixels (ITU-T T.81, annex B; EXIF 2.3; ICC.1, annex B.4), as far as it changes how it is shown. */

export interface Segments {
  width: number;
  height: number;
  /** EXIF's orientation, 1..8. */
  orientation: number;
  /** The embedded ICC profile, or null. */
  profile: Buffer | null;
}

const MARKER = { start: 0xffd8, exif: 0xe1, application2: 0xe2, scan: 0xda };
const EXIF = 'Exif\0\0';
const PROFILE = 'ICC_PROFILE\0';
/** Frames of Huffman-coded pictures, sequential and progressive. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

/** Null for what is no JPEG, or an odd one. */
export function readSegments(bytes: Buffer): Segments | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== MARKER.start) return null;
  const found: Segments = { width: 0, height: 0, orientation: 1, profile: null };
  for (let at = 2; at + 4 <= bytes.length; ) {
    const code = bytes[at + 1] as number;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at] !== 0xff || end > bytes.length || end < at + 4) return null;
    const body = bytes.subarray(at + 4, end);
    if (code === MARKER.scan) return found.width > 0 && found.height > 0 ? found : null;
    if (FRAMES.has(code) && body.length > 5)
      Object.assign(found, { height: body.readUInt16BE(1), width: body.readUInt16BE(3) });
    else if (code === MARKER.exif && body.toString('latin1', 0, EXIF.length) === EXIF)
      found.orientation = orientationOf(body.subarray(EXIF.length));
    else if (code === MARKER.application2 && body.toString('latin1', 0, PROFILE.length) === PROFILE) {
      // Parts are numbered, and come in order from everybody's encoders.
      const part = body.subarray(PROFILE.length + 2);
      found.profile = found.profile ? Buffer.concat([found.profile, part]) : part;
    }
    at = end;
  }
  return null;
}

const ORIENTATION_TAG = 0x0112;

/** From a TIFF header and its first directory; 1 when it states none. */
function orientationOf(tiff: Buffer): number {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number =>
    at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const long = (at: number): number =>
    little ? short(at) + 65_536 * short(at + 2) : 65_536 * short(at) + short(at + 2);
  const directory = long(4);
  for (let entry = 0; entry < short(directory); entry++) {
    const at = directory + 2 + 12 * entry;
    if (short(at) !== ORIENTATION_TAG) continue;
    const stated = short(at + 8);
    return stated >= 1 && stated <= 8 ? stated : 1;
  }
  return 1;
}
