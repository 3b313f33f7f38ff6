import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/** Nothing from anywhere else, nothing inline (R17). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** The built console: a file of it, or its page for every other path. */
export async function consoleFile(folder: string, pathname: string): Promise<Response> {
  const file = await existingFile(folder, pathname);
  const page = file ?? join(folder, "index.html");
  const immutable = pathname.startsWith("/assets/") && file !== null;
  try {
    return new Response(new Uint8Array(await readFile(page)), {
      headers: {
        ...securityHeaders,
        "content-type": contentTypes[extname(page)] ?? "application/octet-stream",
        "cache-control": immutable ? "public, max-age=31536000, immutable" : "no-cache",
      },
    });
  } catch {
    return new Response("The console has not been built. Run: npm run build\n", {
      status: 404,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
}

async function existingFile(folder: string, pathname: string): Promise<string | null> {
  const name = decoded(pathname);
  const path = name === null ? null : normalize(join(folder, name));
  if (path === null || !path.startsWith(folder + sep)) return null;
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? path : null;
}

/** Null for what is no percent-encoding. */
function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
