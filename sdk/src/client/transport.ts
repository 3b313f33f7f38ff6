import { PullcordError, problemCodes, type Problem, type ProblemCode } from "../protocol/index.js";

/** How a client reaches and proves itself to a server. */
export interface ClientOptions {
  /** For example `http://127.0.0.1:7420`; empty in the console, which is served by the server itself. */
  readonly url: string;
  /** An agent token or a CLI session token. The console has a cookie instead. */
  readonly token?: string;
  /** The session's request token, sent with every request of a cookie session. */
  readonly requestToken?: () => string | undefined;
  /** Another way to send requests: in process, or through a proxy. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How long one request may take, in milliseconds; waits add their own time. Default 10,000. */
  readonly requestMs?: number;
  /** How much longer a server may take that says it is there, in milliseconds. Default 0. */
  readonly busyMs?: number;
  /**
   * How long a server that takes longer than `requestMs` over an answer may take to say that it is there, in milliseconds.
   * One that does not is taken to hang. Default 5,000.
   */
  readonly aliveMs?: number;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Added to the time the request may take. */
  readonly extraMs?: number;
  /** Repeating a write with the same key gives the same answer and no second effect. Nothing here repeats by itself. */
  readonly idempotencyKey?: string | undefined;
}

const defaultRequestMs = 10_000;
const defaultAliveMs = 5_000;

/** Sends one request and reads the answer, or throws a PullcordError. Nothing else is thrown. */
export class Transport {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const { response, signal } = await this.#ask(method, path, options);
    if (response.status === 204) return undefined as T;
    // Its time limit covers the body as well.
    const text = await unlessAborted(response.text(), signal).catch((cause: unknown) => {
      options.signal?.throwIfAborted();
      throw unreachable(this.#url(path), cause);
    });
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new PullcordError("unavailable", "malformed_answer", "The server's answer was not JSON. Is this address really Pullcord's?", {
        cause,
      });
    }
  }

  /** @throws PullcordError `unavailable` when the server can't be reached in time; else the server's own problem */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    return (await this.#ask(method, path, options)).response;
  }

  /** The answer's beginning, and the signal that ends the rest of it when the time is up or the caller gives up. */
  async #ask(
    method: string,
    path: string,
    options: RequestOptions,
  ): Promise<{ readonly response: Response; readonly signal: AbortSignal }> {
    const { requestMs = defaultRequestMs, busyMs = 0 } = this.#options;
    const extraMs = busyMs + (options.extraMs ?? 0);
    const limit = AbortSignal.timeout(requestMs + extraMs);
    const hanging = new AbortController();
    const signal = AbortSignal.any([limit, hanging.signal, ...(options.signal ? [options.signal] : [])]);
    const watching = extraMs > 0 ? setInterval(() => void this.#abortUnlessAlive(hanging), requestMs) : undefined;
    try {
      const response = await this.#exchange(this.#request(method, path, { ...options, signal }), { signal, callers: options.signal });
      if (!response.ok) throw await problemOf(response, signal);
      return { response, signal };
    } finally {
      clearInterval(watching);
    }
  }

  /** Tells a server that is busy with an answer from one that hangs: this question takes it no time. */
  async #abortUnlessAlive(hanging: AbortController): Promise<void> {
    const signal = AbortSignal.timeout(this.#options.aliveMs ?? defaultAliveMs);
    const question = new Request(this.#url("/v1/health"), { signal });
    await this.#exchange(question, { signal, callers: undefined }).catch((cause: unknown) => hanging.abort(cause));
  }

  #request(method: string, path: string, options: RequestOptions & { readonly signal: AbortSignal }): Request {
    const headers = new Headers({ accept: "application/json" });
    if (this.#options.token) headers.set("authorization", `Bearer ${this.#options.token}`);
    const requestToken = this.#options.requestToken?.();
    if (requestToken) headers.set("x-pullcord-session", requestToken);
    const write = method !== "GET";
    if (write) {
      if (options.idempotencyKey !== undefined) headers.set("idempotency-key", options.idempotencyKey);
      headers.set("content-type", "application/json");
    }
    const body = write ? JSON.stringify(options.body ?? {}) : null;
    return new Request(this.#url(path, options.query), { method, headers, signal: options.signal, body });
  }

  #url(path: string, query: RequestOptions["query"] = {}): string {
    const parameters = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(parameters.map(([name, value]) => [name, String(value)])).toString();
    return `${this.#options.url.replace(/\/$/, "")}${path}${search ? `?${search}` : ""}`;
  }

  // The signal is given to fetch itself, or listened to here, as it is wherever a body is read: one that only the
  // Request carries is lost once Node collects garbage (24.x), and with it the time limit and every stop.
  async #exchange(
    request: Request,
    { signal, callers }: { readonly signal: AbortSignal; readonly callers: AbortSignal | undefined },
  ): Promise<Response> {
    try {
      return await (this.#options.fetch ? unlessAborted(this.#options.fetch(request), signal) : fetch(request, { signal }));
    } catch (cause) {
      callers?.throwIfAborted();
      throw unreachable(request.url, cause);
    }
  }
}

/** What was promised, or the reason of an abort that comes first. */
async function unlessAborted<T>(promised: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promised, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * A path with every value in it as one segment, whatever it holds. A segment of dots alone would be a step up the path,
 * encoded or not: it is sent so that it names nothing.
 */
export function path(fixed: TemplateStringsArray, ...values: readonly string[]): string {
  const segments = values.map((value) =>
    encodeURIComponent(value.toWellFormed().replace(/^\.{1,2}$/, (dots) => "%2E".repeat(dots.length))),
  );
  return String.raw({ raw: fixed }, ...segments);
}

function unreachable(url: string, cause: unknown): PullcordError {
  const server = URL.canParse(url) ? ` at ${new URL(url).origin}` : "";
  return new PullcordError("unavailable", "unreachable", `Pullcord's server${server} did not answer.`, { cause });
}

/** Reads an error answer; one that is no problem document becomes `unavailable`. */
async function problemOf(response: Response, signal: AbortSignal): Promise<PullcordError> {
  const problem = ((await unlessAborted(response.json(), signal).catch(() => null)) ?? {}) as Partial<Problem>;
  const code: ProblemCode = Object.hasOwn(problemCodes, problem.code ?? "") ? (problem.code ?? "unavailable") : "unavailable";
  const text = problem.detail ?? `The server answered with status ${response.status}.`;
  return new PullcordError(code, problem.reason ?? "unexpected_status", text, problem.field === undefined ? {} : { field: problem.field });
}
