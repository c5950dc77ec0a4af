// Cuts the text face down to what the hall's languages need: one variable file
// for Latin (every page) and one for the letters beyond it (only where they are
// used). Arabic is set in the reader's own fonts.
//
//   node subset.mjs OUTDIR
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import subset from "subset-font";

const home = dirname(createRequire(import.meta.url).resolve("@fontsource-variable/atkinson-hyperlegible-next/package.json"));
const outDir = process.argv[2];

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

// The unicode-range lines in shell/font.css say the same; keep them together.
const faces = {
  latin: range(0x20, 0x7e) + range(0xa0, 0xff) + "ŒœıŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™−←→↑↓≤≥≠≈",
  "latin-ext": range(0x100, 0x17f) + range(0x218, 0x21b) + range(0x1e00, 0x1eff) + "₹₺₿",
};

await mkdir(outDir, { recursive: true });
for (const [name, letters] of Object.entries(faces)) {
  const whole = await readFile(join(home, "files", `atkinson-hyperlegible-next-${name}-wght-normal.woff2`));
  const cut = await subset(whole, letters, {
    targetFormat: "woff2",
    variationAxes: { wght: { min: 400, max: 700 } },
  });
  await writeFile(join(outDir, `atkinson-${name}.woff2`), cut);
}
