#!/usr/bin/env node
// A stand-in for Anthropic's Messages API (https://docs.anthropic.com/en/api/messages) that plays a script.
//
//   node fake-anthropic.mjs --script script.json --log requests.jsonl
//
// Prints {"url"} once it listens, on 127.0.0.1 alone. script.json is {"scripts": {"main": [turn, …], "sub": [turn, …]}};
// a prompt chooses one with the marker [[script:sub]], else the first is played. A turn is {"text"?, "tools"?:
// [{"name", "input"}], "delayMs"?}; one without tools ends the model's turn. "${cwd}" in an input is the client's
// working directory. Each request is a line of the log: {t, agent, results, body}; `agent` is false for the client's
// own side requests (titles, summaries), and `results` is what came of the tools of the turn before.
//
// Which turn is next is read from the conversation itself: a tool call's id carries the number of its turn. So nothing
// is remembered here, and sub-agents, retries and resumed sessions need no care.
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { script: { type: "string" }, log: { type: "string" } } });
const { scripts } = JSON.parse(readFileSync(values.script, "utf8"));

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    process.stderr.write(`fake-anthropic: ${error.stack}\n`);
    response.destroy();
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));

async function answer(request, response) {
  const t = Date.now();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const path = new URL(request.url, "http://127.0.0.1").pathname;
  if (request.method === "POST" && path === "/v1/messages")
    return answerMessages(JSON.parse(Buffer.concat(chunks).toString()), response, t);
  if (path === "/v1/messages/count_tokens") return sendJson(response, 200, { input_tokens: 100 });
  if (request.method === "HEAD" || path === "/") return response.end();
  sendJson(response, 404, { type: "error", error: { type: "not_found_error", message: `nothing at ${request.method} ${path}` } });
}

async function answerMessages(body, response, t) {
  const isAgent = (body.tools ?? []).length > 0;
  const place = placeIn(body);
  appendFileSync(values.log, `${JSON.stringify({ t, agent: isAgent, results: place.results, body })}\n`);
  const turn = isAgent ? (scripts[place.script]?.[place.index] ?? { text: "Done." }) : { text: '{"title":"a title"}' };
  if (turn.delayMs) await new Promise((resolve) => setTimeout(resolve, turn.delayMs));
  const message = messageOf(turn, body, place);
  if (body.stream) stream(response, message);
  else sendJson(response, 200, message);
}

/** Where the conversation stands in its script. */
function placeIn({ system, messages = [] }) {
  const said =
    textOf(system) +
    messages
      .filter(({ role }) => role !== "assistant")
      .map(({ content }) => textOf(content))
      .join("\n");
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const last = Math.max(-1, ...blocks.filter(({ type }) => type === "tool_use").map(({ id }) => turnOf(id)));
  const results = blocks.filter((block) => block.type === "tool_result" && turnOf(block.tool_use_id) === last);
  return {
    script: /\[\[script:([\w.-]+)\]\]/.exec(said)?.[1] ?? Object.keys(scripts)[0],
    index: last + 1,
    results: results.map((block) => ({ isError: block.is_error === true, text: textOf(block.content) })),
    workingDirectory: /working directory:\s*(\S+)/i.exec(said)?.[1] ?? ".",
  };
}

function turnOf(id) {
  return Number(/^toolu_fake_(\d+)_/.exec(id)?.[1] ?? -1);
}

function textOf(content) {
  if (typeof content === "string") return content;
  return (content ?? []).map((block) => block.text ?? textOf(block.content)).join("\n");
}

function messageOf(turn, { model }, { index, workingDirectory }) {
  const tools = (turn.tools ?? []).map(({ name, input }, place) => ({
    type: "tool_use",
    id: `toolu_fake_${index}_${place}_${Math.random().toString(36).slice(2, 10)}`,
    name,
    input: JSON.parse(JSON.stringify(input).replaceAll("${cwd}", workingDirectory)),
  }));
  const content = [...(turn.text || tools.length === 0 ? [{ type: "text", text: turn.text ?? " " }] : []), ...tools];
  const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 20 };
  const id = `msg_fake_${Math.random().toString(36).slice(2)}`;
  return {
    id,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: tools.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage,
  };
}

function stream(response, message) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (type, data = {}) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send("message_start", { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of message.content.entries()) {
    const isText = block.type === "text";
    send("content_block_start", { index, content_block: isText ? { ...block, text: "" } : { ...block, input: {} } });
    const delta = isText
      ? { type: "text_delta", text: block.text }
      : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  }
  send("message_delta", { delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: { output_tokens: 20 } });
  send("message_stop");
  response.end();
}

function sendJson(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
