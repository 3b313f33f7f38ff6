import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";

const root = new URL("../..", import.meta.url).pathname;
const folder = join(root, "artefacts/gallery");
const buildWaitMs = 150_000;

/** As strict as the server's own (server/src/http/console-files.ts): what breaks it, breaks here. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** Builds the gallery and the console on its in-memory server. */
export async function buildGallery(): Promise<void> {
  const vite = join(root, "console/node_modules/vite/bin/vite.js");
  await promisify(execFile)(process.execPath, [vite, "build", join(root, "console"), "--mode", "gallery", "--logLevel", "error"], {
    timeout: buildWaitMs,
  });
}

/** Serves what was built, on a free port of this machine. */
export async function serveGallery(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
    readFile(join(folder, path)).then(
      (content) =>
        response
          .writeHead(200, {
            "content-type": contentTypes[extname(path)] ?? "application/octet-stream",
            "content-security-policy": contentSecurityPolicy,
          })
          .end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
