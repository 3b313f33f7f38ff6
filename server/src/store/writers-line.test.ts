import { describe, expect, it } from "vitest";
import { mostWaitingOfAgent, mostWaitingOfAgents, WritersLine, type Lane } from "./writers-line.js";

const agent = (token: string): Lane => ({ kind: "agent", token });
const lineOf = (...asked: readonly (readonly [Lane, string])[]) => {
  const line = new WritersLine<string>();
  for (const [lane, item] of asked) line.add(lane, item);
  return line;
};
const taken = (line: WritersLine<string>) => Array.from({ length: 20 }, () => line.take()).filter((item) => item !== undefined);

describe("the writer's line", () => {
  it("takes a stop first, then people, then what happens by itself, then agents, whoever came first", () => {
    const line = lineOf(
      [agent("a"), "agent"],
      [{ kind: "system" }, "system"],
      [{ kind: "person" }, "person"],
      [{ kind: "stop" }, "stop"],
      [{ kind: "person" }, "next person"],
    );
    expect(line.hasPeople).toBe(true);
    expect(taken(line)).toEqual(["stop", "person", "next person", "system", "agent"]);
    expect(line).toMatchObject({ isEmpty: true, hasPeople: false });
  });

  it("lets agents take turns by their token, each in the order of its own", () => {
    const line = lineOf([agent("a"), "a1"], [agent("a"), "a2"], [agent("a"), "a3"], [agent("b"), "b1"], [agent("c"), "c1"]);
    expect([line.take(), line.take()]).toEqual(["a1", "b1"]);
    line.add(agent("b"), "b2");
    expect(taken(line)).toEqual(["c1", "a2", "b2", "a3"]);
  });

  it("refuses one agent too much, then all agents, and never people for the sake of agents", () => {
    const line = new WritersLine<string>();
    const fill = (token: string) => Array.from({ length: mostWaitingOfAgent }, () => line.add(agent(token), token));
    fill("a");
    expect(() => line.add(agent("a"), "more")).toThrow(expect.objectContaining({ reason: "too_busy" }) as Error);
    for (let tokens = 1; tokens * mostWaitingOfAgent < mostWaitingOfAgents; tokens += 1) fill(`token ${tokens}`);
    expect(() => line.add(agent("late"), "more")).toThrow(expect.objectContaining({ reason: "too_busy" }) as Error);
    line.add({ kind: "person" }, "person");
    expect(line.take()).toBe("person");
    line.take();
    line.add(agent("late"), "in time");
  });
});
