/** Speaks Pullcord's HTTP API, in Node and in the browser. */
export { AgentClient, type CallOptions } from "./agent-client.js";
export { type EventQuery, type StreamItem } from "./events.js";
export { PersonClient } from "./person-client.js";
export { type AuditQuery, type LogQuery, type PageQuery, type RequestQuery } from "./queries.js";
export { Transport, type ClientOptions } from "./transport.js";
