import { createServer, type Server } from "node:http";

interface Issue {
  number: number;
  title: string;
  state: string;
  user: { login: string };
  labels: { name: string }[];
  pull_request?: { merged_at: string | null };
}

/** As much of GitHub's REST API as undo asks for (docs.github.com/rest, version 2022-11-28), on a socket of its own. */
export class ForgeServer {
  readonly issues = new Map<number, Issue>();
  readonly comments = new Map<number, { id: number; issue: number; body: string; user: { login: string } }>();
  readonly labels = new Map<string, { name: string; color: string; description: string }>();
  readonly releases = new Map<string, { id: number; tag_name: string }>();
  readonly tags = new Map<string, string>();
  /** Whom the token belongs to. */
  login = "ada";
  #last = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = "";
      request.on("data", (some: Buffer) => (text += some.toString()));
      request.on("end", () => {
        // Through a socket a client may send paths of the public host or of an enterprise server.
        const url = new URL(request.url ?? "", "http://forge");
        const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
        const answer = this.#answer(request.method ?? "", url, body);
        response.writeHead(answer === null ? 404 : answer === "" ? 204 : 200, { "content-type": "application/json" });
        response.end(answer === null ? '{"message":"Not Found"}' : answer === "" ? "" : JSON.stringify(answer));
      });
    });
  }

  static async open(path: string): Promise<ForgeServer> {
    const forge = new ForgeServer();
    await new Promise<void>((resolve) => forge.#server.listen(path, resolve));
    return forge;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  addIssue(title: string, { by = this.login, isPull = false } = {}): number {
    const number = (this.#last += 1);
    this.issues.set(number, {
      number,
      title,
      state: "open",
      user: { login: by },
      labels: [],
      ...(isPull && { pull_request: { merged_at: null } }),
    });
    return number;
  }

  addComment(issue: number, body: string, by = this.login): number {
    const id = (this.#last += 1);
    this.comments.set(id, { id, issue, body, user: { login: by } });
    return id;
  }

  addRelease(tag: string): void {
    this.releases.set(tag, { id: (this.#last += 1), tag_name: tag });
    this.tags.set(tag, "a".repeat(40));
  }

  /** All that people see, to compare. */
  state(): unknown {
    return JSON.parse(
      JSON.stringify([this.issues, this.comments, this.labels, this.releases, this.tags].map((things) => [...things])),
    ) as unknown;
  }

  #answer(method: string, url: URL, body: Record<string, unknown>): unknown {
    const path = url.pathname.replace(/^\/api\/v3/, "");
    if (path === "/user") return { login: this.login };
    const [, what = "", first = "", second = "", third = ""] =
      /^\/repos\/ada\/shop\/(\w+)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    const page = <T>(all: readonly T[]): T[] => {
      const [size, at] = [Number(url.searchParams.get("per_page") ?? 30), Number(url.searchParams.get("page") ?? 1)];
      return all.slice((at - 1) * size, at * size);
    };
    if (what === "issues" && first === "comments") return this.#comment(method, Number(second), body);
    if (what === "issues" && first === "") {
      const creator = url.searchParams.get("creator");
      return page([...this.issues.values()].filter(({ state, user }) => state === "open" && user.login === creator));
    }
    if (what === "issues") return this.#issue(method, Number(first), { what: second, which: decodeURIComponent(third), body, page });
    if (what === "labels" && first === "") return page([...this.labels.values()]);
    if (what === "labels") return changed(this.labels, decodeURIComponent(first), { method, body });
    if (what === "releases" && first === "tags") return this.releases.get(second) ?? null;
    if (what === "releases") return this.#removed(this.releases, ([, { id }]) => id === Number(first));
    if (what === "git" && first === "ref") return this.tags.has(third) ? { object: { sha: this.tags.get(third) } } : null;
    if (what === "git" && first === "refs") return this.#removed(this.tags, ([tag]) => tag === third);
    return null;
  }

  #comment(method: string, id: number, body: Record<string, unknown>): unknown {
    return changed(this.comments, id, { method, body });
  }

  #issue(
    method: string,
    number: number,
    {
      what,
      which,
      body,
      page,
    }: {
      readonly what: string;
      readonly which: string;
      readonly body: Record<string, unknown>;
      readonly page: <T>(all: readonly T[]) => T[];
    },
  ): unknown {
    const issue = this.issues.get(number);
    if (!issue) return null;
    if (what === "comments") return page([...this.comments.values()].filter((comment) => comment.issue === number));
    if (what === "labels") {
      if (method === "POST") issue.labels.push(...(body["labels"] as string[]).map((name) => ({ name })));
      else issue.labels = issue.labels.filter(({ name }) => name !== which);
      return issue.labels;
    }
    if (method === "PATCH") Object.assign(issue, body);
    return issue;
  }

  #removed<K, V>(things: Map<K, V>, isMeant: (entry: [K, V]) => boolean): unknown {
    const found = [...things].find(isMeant);
    if (found) things.delete(found[0]);
    return found ? "" : null;
  }
}

function changed<K, V extends object>(
  things: Map<K, V>,
  key: K,
  { method, body }: { readonly method: string; readonly body: object },
): unknown {
  const found = things.get(key);
  if (!found) return null;
  if (method === "DELETE") return things.delete(key) ? "" : null;
  return Object.assign(found, body);
}
