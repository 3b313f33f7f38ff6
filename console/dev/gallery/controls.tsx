import { Ban, Check, MessageSquareText } from "lucide-react";
import { useState } from "react";
import { StopEverything } from "../../src/frame/stop-everything.js";
import { useClient } from "../../src/live/client.js";
import { Button } from "../../src/parts/button.js";
import { Choice } from "../../src/parts/choice.js";
import { CopyCommand } from "../../src/parts/copy-command.js";
import { Dial } from "../../src/parts/dial.js";
import { Field } from "../../src/parts/field.js";
import { HoldButton } from "../../src/parts/hold-button.js";
import { Tell } from "../../src/parts/tell.js";
import { Shelf } from "./shelf.js";

export function Controls() {
  const client = useClient();
  const [theme, setTheme] = useState("dark");
  return (
    <>
      <Shelf name="Buttons">
        <Button>Plain</Button>
        <Button tone="primary">
          <Check size={16} aria-hidden="true" /> Primary
        </Button>
        <Button tone="quiet">Quiet</Button>
        <Button tone="quiet" square aria-label="Tell">
          <MessageSquareText size={16} aria-hidden="true" />
        </Button>
        <Button tone="deny">
          <Ban size={16} aria-hidden="true" /> Deny
        </Button>
        <Button isDisabled>Disabled</Button>
        <StopEverything />
      </Shelf>
      <Shelf name="Hold to approve">
        <HoldButton api={client} digest="d1" word="Approve" isDisabled={false} onProof={() => Promise.resolve()} />
        <HoldButton api={client} digest="d2" word="Approve" isDisabled onProof={() => Promise.resolve()} />
      </Shelf>
      <Shelf name="Choice and dial">
        <Choice
          label="Theme"
          value={theme}
          onChange={setTheme}
          options={[
            { value: "light", name: "Light" },
            { value: "dark", name: "Dark" },
          ]}
        />
        <Dial scope={{ kind: "agent", id: "codex" }} level="ask_destructive" inherits="Inherit" />
      </Shelf>
      <Shelf name="Fields">
        <div className="w-full max-w-[360px]">
          <Field label="Reason" hint="The agent reads it." placeholder="Too broad" />
        </div>
        <div className="w-full max-w-[480px]">
          <Field label="Command to run instead" code rows={3} defaultValue="git stash" />
        </div>
        <CopyCommand command="npx pullcord sign-in" />
      </Shelf>
      <Shelf name="Tell">
        <div className="w-full">
          <Tell run="rk3f9a2b1c" takesFocus={false} onDone={() => undefined} />
        </div>
      </Shelf>
    </>
  );
}
