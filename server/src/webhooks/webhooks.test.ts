import type { JsonObject, WebhookKind } from "@pullcord/sdk/protocol";
import { describe, expect, it } from "vitest";
import { webhooks } from "./index.js";

const alert = (fingerprint: string, status = "firing") => ({
  status,
  fingerprint,
  startsAt: "2026-11-21T12:00:00.000Z",
  endsAt: "0001-01-01T00:00:00Z",
  labels: { alertname: "AgentSpend" },
  annotations: {},
  generatorURL: "http://prometheus/graph",
});
const alerts = (...list: readonly object[]): JsonObject => ({
  version: "4",
  groupKey: "{}",
  status: "firing",
  receiver: "cord",
  alerts: list as never,
});
const incident = (event_type: string): JsonObject => ({
  event: { id: "01E", event_type, data: { id: "Q1", title: "Spend is high", status: "triggered" } },
});

describe("what a notice asks for", () => {
  const acting: readonly [WebhookKind, JsonObject, string][] = [
    ["alertmanager", alerts(alert("a"), alert("b"), alert("c", "resolved")), "Alert AgentSpend and 1 more fires."],
    ["pagerduty", incident("incident.triggered"), "Incident Q1: Spend is high"],
    ["pagerduty", incident("incident.reopened"), "Incident Q1: Spend is high"],
    ["feature-flag", { flag: "agents-off", on: true, version: 3 }, "The kill switch agents-off is on."],
  ];
  it.each(acting)("of %s is to act", (kind, body, reason) => {
    expect(webhooks[kind].parse(body)?.reason).toBe(reason);
    expect(webhooks[kind].parse(structuredClone(body))).toEqual(webhooks[kind].parse(body));
  });

  const resting: readonly [string, WebhookKind, JsonObject][] = [
    ["alerts that are resolved", "alertmanager", alerts(alert("a", "resolved"))],
    ["an incident that is resolved", "pagerduty", incident("incident.resolved")],
    ["a test", "pagerduty", { event: { id: "01E", event_type: "pagey.ping" } }],
    ["a kill switch that is off", "feature-flag", { flag: "agents-off", on: false, version: 4 }],
  ];
  it.each(resting)("is nothing for %s", (_what, kind, body) => {
    expect(webhooks[kind].parse(body)).toBeNull();
  });

  const malformed: readonly [string, WebhookKind, JsonObject][] = [
    ["an empty body", "alertmanager", {}],
    ["another version", "alertmanager", { ...alerts(alert("a")), version: "3" }],
    ["a status that is none", "alertmanager", alerts(alert("a", "burning"))],
    ["alerts without a time", "alertmanager", alerts({ ...alert("a"), startsAt: "yesterday" })],
    ["an event without an id", "pagerduty", { event: { event_type: "incident.triggered" } }],
    ["a flag that is a word", "feature-flag", { flag: "agents-off", on: "true", version: 3 }],
    ["a flag without a version", "feature-flag", { flag: "agents-off", on: true }],
  ];
  it.each(malformed)("is refused for %s", (_what, kind, body) => {
    expect(() => webhooks[kind].parse(body)).toThrow(expect.objectContaining({ code: "invalid", reason: "unknown_notice" }));
  });

  it("is another signal when one more alert fires", () => {
    const { parse } = webhooks.alertmanager;
    expect(parse(alerts(alert("a")))?.key).not.toBe(parse(alerts(alert("a"), alert("b")))?.key);
    expect(parse(alerts(alert("b"), alert("a")))?.key).toBe(parse(alerts(alert("a"), alert("b")))?.key);
  });
});
