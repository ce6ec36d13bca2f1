// Bundles the pages' scripts and styles into ../static/dist under hashed names, with a manifest for asset().
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "..", "static", "dist");

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

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/app.scss", "src/app.js", "src/visit.js", "src/contract.js"],
  outdir: dist,
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
await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
