import { Diff } from "../../src/parts/diff.js";
import { WhatRuns } from "../../src/parts/what-runs.js";
import { AgentSays } from "../../src/parts/agent-says.js";
import { sampleRequests } from "../fake/requests.js";
import { Shelf } from "./shelf.js";

const requests = sampleRequests({ shop: "r1", infra: "r2", docs: "r3" }, Date.now());

export function Texts() {
  return (
    <Shelf name="What will run">
      {requests.map((request) => (
        <div key={request.id} className="w-full">
          <WhatRuns proposed={request.action.proposed} />
        </div>
      ))}
      <div className="w-full">
        <Diff
          label="A Makefile"
          edits={[{ before: "build:\n\tnode build.js\n", after: "build:\n\tnode build.js --fast\n\trm -rf\u00a0dist\n" }]}
        />
      </div>
      <div className="w-full">
        <AgentSays
          claim={{
            description: "A small, safe change.",
            reason: "Approved by \u202esecurity",
            risk: 3,
            confidence: 0.2,
            reversibility: "reversible",
          }}
        />
      </div>
    </Shelf>
  );
}
