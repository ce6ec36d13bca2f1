// Bundles the pages' scripts and styles into ../static/dist under hashed names, with a manifest for asset().
// Pages are served meanwhile: the manifest changes at once and last, and what it named before stays one build longer.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.resolve(process.argv[2] ?? path.join(here, "..", "static", "dist"));

// Bootstrap 5.3 still uses @import; its deprecation warnings are not ours to fix.
const scss = {
  name: "scss",
  setup(builder) {
    builder.onLoad({ filter: /\.scss$/ }, ({ path: file }) => ({
      contents: compile(file, {
        loadPaths: [path.join(here, "node_modules")],
        quietDeps: true,
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      }).css,
      loader: "css",
    }));
  },
};

// What pages share lies in files of its own, and a view of the phone is fetched when it is opened.
const PAGES = [
  "src/app.scss", "src/desk.scss",
  "src/app.js",
  "src/visit.js",
  "src/contract.js",
  "src/scan.js",
  "src/phone.js",
];
// What shares nothing: the worker, and what a page of who is not signed in loads.
const ALONE = ["src/sw.js", "src/waiting.js"];
// Beside each file lies what it is compressed, so that the server need not do it less well each time.
const COMPRESSED = {
  "": (content) => content,
  ".br": (content) => brotliCompressSync(content),
  ".gz": (content) => gzipSync(content, { level: 9 }),
};

async function bundle(outdir) {
  const [pages, alone] = await Promise.all([made(outdir, PAGES, true), made(outdir, ALONE, false)]);
  const manifest = {};
  for (const [output, { entryPoint }] of [...Object.entries(pages), ...Object.entries(alone)]) {
    const file = path.basename(output);
    const entry = [...PAGES, ...ALONE].includes(entryPoint);
    manifest[entry ? path.basename(entryPoint).replace(/\.scss$/, ".css") : file] = file;
  }
  await writeFile(path.join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function made(outdir, entryPoints, splitting) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints,
    splitting,
    outdir,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome80", "safari15"],
    legalComments: "none",
    metafile: true,
    plugins: [scss],
  });
  return metafile.outputs;
}

async function manifestBefore() {
  try {
    return JSON.parse(await readFile(path.join(dist, "manifest.json"), "utf8"));
  } catch {
    return {}; // the first build, or one that was broken off
  }
}

await mkdir(dist, { recursive: true });
// Inside dist, so that moving a file from there is one step of the same file system.
const making = await mkdtemp(path.join(dist, ".making-"));
try {
  const before = await manifestBefore();
  const manifest = await bundle(making);
  for (const file of Object.values(manifest)) {
    const content = await readFile(path.join(making, file));
    for (const [ending, compressed] of Object.entries(COMPRESSED))
      await writeFile(path.join(making, file + ending), compressed(content));
    for (const ending of Object.keys(COMPRESSED).reverse())
      await rename(path.join(making, file + ending), path.join(dist, file + ending));
  }
  await rename(path.join(making, "manifest.json"), path.join(dist, "manifest.json"));
  const kept = new Set([...Object.values(manifest), ...Object.values(before), "manifest.json"]);
  for (const file of await readdir(dist)) {
    if (!kept.has(file.replace(/\.(br|gz)$/, "")) && !file.startsWith("."))
      await rm(path.join(dist, file), { recursive: true, force: true });
  }
} finally {
  await rm(making, { recursive: true, force: true });
}
