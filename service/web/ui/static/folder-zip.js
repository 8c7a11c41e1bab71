// A folder of a program (a vault, a site, a book) as one zip, so that the server sees its settings and its folders.

const MARK = new RegExp(
  "(^|/)(summary\\.md|book\\.toml|mkdocs\\.ya?ml|_(quarto|bookdown|toc|config)\\.ya?ml|conf\\.py|antora\\.ya?ml|docusaurus\\.config\\.[cm]?[jt]s" +
    "|(hugo|config)\\.(toml|ya?ml|json)|\\.gitbook\\.ya?ml|_sidebar\\.md)$|(^|/)(\\.obsidian|_posts|logseq)/| [0-9a-f]{32}\\.md$",
  "i",
);
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The name of the folder that all files are in, if it is one of a program; otherwise an empty text. */
export function programFolder(files) {
  const root = files[0]?.path.split("/")[0] ?? "";
  const together = files.length > 1 && files.every(({ path }) => path.startsWith(`${root}/`));
  return together && files.some(({ path }) => MARK.test(path)) ? root : "";
}

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Numbers of 2 and 4 bytes in a row, as [bytes, value]. */
function packed(...numbers) {
  const view = new DataView(new ArrayBuffer(numbers.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of numbers) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return view;
}

/** The files as a zip without compression (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16). Names are UTF-8. */
export async function zipped(files, name) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const { file, path } of files) {
    const label = new TextEncoder().encode(path);
    const data = new Uint8Array(await file.arrayBuffer());
    const common = [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x21], [4, checksum(data)], [4, data.length], [4, data.length], [2, label.length], [2, 0]];
    const head = packed([4, 0x04034b50], ...common);
    directory.push(packed([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), label);
    parts.push(head, label, data);
    at += head.byteLength + label.length + data.length;
  }
  const size = directory.reduce((sum, each) => sum + each.byteLength, 0);
  const end = packed([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, at], [2, 0]);
  return new File([...parts, ...directory, end], name, { type: "application/zip" });
}
