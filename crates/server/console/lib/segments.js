// How a text is cut into segments while it is written. The house counts the same way when it
// sends (`num_segments`); a test holds the two against each other.

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('\f^{}\\[~]|€');

/** @param {string} text */
export function segment(text) {
  const characters = [...text];
  const gsm = characters.every((c) => BASIC.has(c) || EXTENDED.has(c));
  const size = gsm ? (/** @type {string} */ c) => (EXTENDED.has(c) ? 2 : 1) : (/** @type {string} */ c) => c.length;
  // A cluster of UCS-2 is never cut, an escaped character of GSM-7 neither.
  const pieces = gsm || !('Segmenter' in Intl) ? characters : [...new Intl.Segmenter().segment(text)].map((one) => one.segment);
  const sizes = pieces.map((piece) => [...piece].reduce((sum, c) => sum + size(c), 0));
  const units = sizes.reduce((sum, one) => sum + one, 0);
  const single = gsm ? 160 : 70;
  const joined = gsm ? 153 : 67;
  let segments = 1;
  let left = single - units;
  if (units > single) {
    let used = 0;
    for (const one of sizes) {
      if (used + one > joined) {
        segments += 1;
        used = 0;
      }
      used += one;
    }
    left = joined - used;
  }
  return { encoding: gsm ? 'GSM-7' : 'UCS-2', segments, units, left };
}
