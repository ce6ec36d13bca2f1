// Bundles the pages' scripts and styles into ../static/dist under hashed names, with a manifest for asset().
// Pages are served meanwhile: the manifest changes at once and last, and what it named before stays one build longer.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
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

async function bundle(outdir) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [
      "src/app.scss",
      "src/app.js",
      "src/visit.js",
      "src/contract.js",
      "src/scan.js",
      "src/phone.js",
      "src/sw.js",
    ],
    outdir,
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome80", "safari15"],
    legalComments: "none",
    metafile: true,
    plugins: [scss],
  });
  const manifest = {};
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const name = path.basename(entryPoint).replace(/\.scss$/, ".css");
    manifest[name] = path.basename(output);
  }
  await writeFile(path.join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
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
const made = await mkdtemp(path.join(dist, ".making-"));
try {
  const before = await manifestBefore();
  const manifest = await bundle(made);
  for (const file of Object.values(manifest)) await rename(path.join(made, file), path.join(dist, file));
  await rename(path.join(made, "manifest.json"), path.join(dist, "manifest.json"));
  const kept = new Set([...Object.values(manifest), ...Object.values(before), "manifest.json"]);
  for (const file of await readdir(dist)) {
    if (!kept.has(file) && !file.startsWith("."))
      await rm(path.join(dist, file), { recursive: true, force: true });
  }
} finally {
  await rm(made, { recursive: true, force: true });
}
