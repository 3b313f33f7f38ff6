import { connect, type Socket } from "node:net";

const headerEnd = "\r\n\r\n";
const lengthPattern = /content-length: *(\d+)/i;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One kept-alive HTTP connection with one request under way. Written on the bare socket, since Node's own client
 * would take as long as the server that it measures.
 */
export class Connection {
  readonly #socket: Socket;
  #received = "";
  #bodyStart = -1;
  #wanted = 0;
  #answer: ((answer: Answer) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    // One character a byte, so that lengths are lengths; only the first answer is ever read as text.
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail?.(error));
    socket.on("close", () => this.#fail?.(new Error("the server closed the connection")));
  }

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Connection(socket)));
    });
  }

  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#fail = null;
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    if (this.#bodyStart < 0 && !this.#readHeader()) return;
    if (this.#received.length < this.#bodyStart + this.#wanted) return;
    const status = Number(this.#received.slice(9, 12));
    const body = this.#received.slice(this.#bodyStart);
    this.#received = "";
    this.#bodyStart = -1;
    this.#answer?.({ status, body });
  }

  #readHeader(): boolean {
    const end = this.#received.indexOf(headerEnd);
    if (end < 0) return false;
    const length = lengthPattern.exec(this.#received.slice(0, end))?.[1];
    if (length === undefined) throw new Error("an answer without content-length");
    this.#bodyStart = end + headerEnd.length;
    this.#wanted = Number(length);
    return true;
  }
}

/** A POST with a JSON body, as it goes over the wire. */
export function post(
  url: URL,
  path: string,
  message: { readonly body: unknown; readonly headers: Readonly<Record<string, string>> },
): string {
  const body = JSON.stringify(message.body);
  const headers = { host: url.host, accept: "application/json", "content-type": "application/json", ...message.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
