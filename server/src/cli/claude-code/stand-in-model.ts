import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const bodyBytes = 8 * 1024 * 1024;

/** A model on this machine that knows one thing to do, so that nothing is spent and nothing leaves. */
export interface StandInModel {
  readonly url: string;
  /** What the client said came of the command; null until then. */
  readonly answer: () => { readonly isError: boolean; readonly text: string } | null;
  readonly close: () => void;
}

interface Content {
  readonly type: string;
  readonly is_error?: boolean;
  readonly content?: string | readonly { readonly text?: string }[];
}

interface Asked {
  readonly stream?: boolean;
  readonly tools?: readonly unknown[];
  readonly messages?: readonly { readonly content: string | readonly Content[] }[];
}

/** Speaks as much of Anthropic's Messages API as it takes to have one shell command run, and to hear the result. */
export async function startStandInModel(command: string): Promise<StandInModel> {
  let answer: ReturnType<StandInModel["answer"]> = null;
  const server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy());
  });
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = await readBody(request);
    const result = resultIn(asked);
    answer = result ?? answer;
    // Requests without tools are the client's own: titles, summaries.
    const isTurn = (asked.tools?.length ?? 0) > 0;
    send(response, asked.stream === true, isTurn && result === null ? [toolUse(command)] : [{ type: "text", text: "Done." }]);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: () => answer,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytes) throw new Error("The client sent more than this model reads.");
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked);
}

function resultIn({ messages }: Asked): ReturnType<StandInModel["answer"]> {
  const contents = (messages ?? []).flatMap(({ content }) => (typeof content === "string" ? [] : content));
  const result = contents.findLast(({ type }) => type === "tool_result");
  if (!result) return null;
  const text = typeof result.content === "string" ? result.content : (result.content ?? []).map((part) => part.text ?? "").join("\n");
  return { isError: result.is_error === true, text };
}

type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

function toolUse(command: string): Block {
  return { type: "tool_use", id: "toolu_pullcord_doctor", name: "Bash", input: { command, description: "Pullcord proves its gate" } };
}

function send(response: ServerResponse, isStream: boolean, content: readonly Block[]): void {
  const reason = content[0]?.type === "tool_use" ? "tool_use" : "end_turn";
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = {
    id: "msg_pullcord_doctor",
    type: "message",
    role: "assistant",
    model: "pullcord-doctor",
    content,
    stop_reason: reason,
    stop_sequence: null,
    usage,
  };
  if (!isStream) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(message));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (type: string, data: object) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event("message_start", { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of content.entries()) {
    event("content_block_start", { index, content_block: block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} } });
    const delta =
      block.type === "text"
        ? { type: "text_delta", text: block.text }
        : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    event("content_block_delta", { index, delta });
    event("content_block_stop", { index });
  }
  event("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage });
  event("message_stop", {});
  response.end();
}
