import { isIP } from "node:net";

/** What kind of place a host name or address is. */
export type HostClass = "this_machine" | "private" | "public" | "metadata" | "bare_address" | "production" | "unknown";

/** Classes a host as a URL parser would spell it. */
export function classifyHost(host: string): HostClass {
  const name = normalizeHost(host);
  if (name === null) return "unknown";
  if (/^(?:localhost|ip6-localhost|ip6-loopback)$/.test(name) || name.endsWith(".localhost")) return "this_machine";
  const kind = isIP(name);
  if (kind === 4) return classifyIpv4(name);
  if (kind === 6) return classifyIpv6(name);
  if (/^(?:metadata(?:\.google\.internal)?|instance-data(?:\..*)?)$/.test(name)) return "metadata";
  if (/^host\.docker\.internal$/.test(name)) return "private";
  if (/(?:^|[.-])prod(?:uction)?(?:[.-]|$)/.test(name)) return "production";
  if (/\.(?:internal|local|lan|corp|intranet|home|test|invalid|onion)$/.test(name) || !name.includes(".")) return "private";
  if (/\.(?:nip|sslip|xip)\.io$|\.ngrok(?:-free)?\.(?:io|app|dev)$|localtest\.me$|lvh\.me$/.test(name)) return "unknown";
  // A name that only begins like this machine is somebody else's.
  if (/^(?:localhost|127-0-0-1|(?:\d{1,3}\.){2,3}\d)/.test(name)) return "unknown";
  return "public";
}

/** The spelling a URL parser settles on: `0x7f.1`, `2130706433`, full-width letters, a trailing dot. */
function normalizeHost(host: string): string | null {
  if (/[\s\u0000]/.test(host) || host === "") return null;
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  if (!URL.canParse(`http://${bracketed}/`)) return null;
  const name = new URL(`http://${bracketed}/`).hostname;
  return (name.startsWith("[") ? name.slice(1, -1) : name).replace(/\.$/, "");
}

function classifyIpv4(address: string): HostClass {
  const [a = 0, b = 0] = address.split(".").map(Number);
  if (a === 127 || a === 0) return "this_machine";
  if (a === 169 && b === 254) return "metadata";
  if (address === "100.100.100.200") return "metadata";
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128)) return "private";
  return "bare_address";
}

function classifyIpv6(address: string): HostClass {
  if (address === "::1" || address === "::") return "this_machine";
  // The URL parser writes mapped addresses as `::ffff:7f00:1`.
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped) {
    const [high, low] = [parseInt(mapped[1] ?? "0", 16), parseInt(mapped[2] ?? "0", 16)];
    return classifyIpv4([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  if (address.startsWith("fd00:ec2:")) return "metadata";
  if (/^f[cd]|^fe[89ab]/.test(address)) return "private";
  return "bare_address";
}
