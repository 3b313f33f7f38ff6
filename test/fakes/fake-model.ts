import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the model does with a request: says a text, or does something else entirely. */
export type Reply =
  | { readonly text: string }
  | { readonly status: number; readonly location?: string }
  | { readonly raw: string }
  | { readonly kind: "refuses" | "hangs" };

/** A request as it came in. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A stand-in for a model behind Anthropic's Messages API (https://docs.anthropic.com/en/api/messages) and OpenAI's chat
 * completions (https://platform.openai.com/docs/api-reference/chat), on 127.0.0.1 alone. Tests change `reply`.
 */
export interface FakeModel {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly asked: Asked[];
  reply: (asked: Asked) => Reply | Promise<Reply>;
  close(): Promise<void>;
}

export async function startFakeModel(): Promise<FakeModel> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const model: FakeModel = {
    url: await listening(server),
    asked,
    reply: () => ({ text: said(0) }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Asked["body"];
    const one: Asked = { path: request.url ?? "", headers: request.headers, body };
    asked.push(one);
    send(response, one, await model.reply(one));
  }
  return model;
}

/** An answer in the form that is asked for. */
export function said(addedRisk: number, ...concerns: string[]): string {
  return JSON.stringify({ added_risk: addedRisk, concerns });
}

function send(response: ServerResponse, { path }: Asked, reply: Reply): void {
  if ("raw" in reply) return void response.writeHead(200, { "content-type": "application/json" }).end(reply.raw);
  if ("status" in reply) {
    const headers = reply.location === undefined ? {} : { location: reply.location };
    return void response.writeHead(reply.status, { ...headers, "content-type": "application/json" }).end('{"error":{"message":"no"}}');
  }
  if ("kind" in reply && reply.kind === "hangs") return;
  const text = "text" in reply ? reply.text : null;
  const answers: Readonly<Record<string, object>> = {
    "/v1/messages": {
      type: "message",
      role: "assistant",
      content: text === null ? [] : [{ type: "text", text }],
      stop_reason: text === null ? "refusal" : "end_turn",
    },
    "/v1/chat/completions": {
      object: "chat.completion",
      choices: [
        { index: 0, message: { role: "assistant", content: text, refusal: text === null ? "I can't help." : null }, finish_reason: "stop" },
      ],
    },
  };
  const found = answers[path];
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(found ?? { error: { message: path } }));
}

function listening(server: ReturnType<typeof createServer>): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
