import { PullcordError } from "@pullcord/sdk/protocol";
import { Inbox } from "lucide-react";
import { Empty, Loading, Trouble, WriteTrouble } from "../../src/parts/state-pages.js";
import { Shelf } from "./shelf.js";

const unreachable = new PullcordError("unavailable", "unreachable", "Pullcord's server at http://127.0.0.1:7420 did not answer.");

export function States() {
  return (
    <>
      <Shelf name="Empty, loading, trouble">
        <div className="w-full md:w-[48%]">
          <Empty icon={Inbox} title="Nothing waits for you" command="npx pullcord inbox">
            When an agent wants to do something that needs a person, it appears here.
          </Empty>
        </div>
        <div className="w-full md:w-[48%]">
          <Trouble error={unreachable} retry={() => undefined} />
        </div>
        <div className="w-full">
          <Loading rows={3} />
        </div>
        <WriteTrouble error={new PullcordError("conflict", "already_resolved", "Bob was first: it is denied.")} />
      </Shelf>
    </>
  );
}
