import { PullcordError } from "@pullcord/sdk/protocol";

/** Refuses what a page of another site, or a name that was made to point here, could send (R18). */
export class Guard {
  readonly #hosts: ReadonlySet<string>;

  /** @param hosts `host:port` as people and agents reach the server; may grow once the port is known */
  constructor(hosts: ReadonlySet<string>) {
    this.#hosts = hosts;
  }

  /** A name that was made to point here (DNS rebinding) is not ours. @throws PullcordError `forbidden`/`foreign_host` */
  checkHost(request: Request): void {
    const { host } = new URL(request.url);
    if (!this.#hosts.has(host)) throw foreign("host", `This server does not answer for ${host}. Add it with --allow-host if it should.`);
  }

  /** @throws PullcordError `forbidden` */
  checkOrigin(request: Request): void {
    this.checkHost(request);
    const origin = request.headers.get("origin");
    if (origin !== null && !this.#isOurs(origin)) throw foreign("origin", `Requests from ${origin} are not accepted.`);
    const site = request.headers.get("sec-fetch-site");
    if (site !== null && site !== "same-origin" && site !== "none") throw foreign("site", "Requests from another site are not accepted.");
  }

  #isOurs(origin: string): boolean {
    return URL.canParse(origin) && this.#hosts.has(new URL(origin).host);
  }
}

function foreign(what: string, text: string): PullcordError {
  return new PullcordError("forbidden", `foreign_${what}`, text);
}
