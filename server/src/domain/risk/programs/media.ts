import { noteRequest, sendsTo } from "../network.js";
import type { Call } from "../shell/call.js";
import { literal } from "../shell/word.js";
import type { Programs } from "./usage.js";

/** Films and sounds. What a file is called may be an address, and then it is fetched or sent. */
export const media: Programs = {
  "ffmpeg avconv": { read: readTranscoder },
  "ffplay mpv vlc cvlc mplayer play aplay paplay": {
    flags: "--version:shows --script=!runs_hidden --scripts=!runs_hidden *",
    takes: "read...",
  },
};

/** `-i` names what is read, the last word what is written; every other word belongs to an option. */
function readTranscoder(call: Call): void {
  const { words, reader, state, text } = call;
  const texts = words.map((word) => word.text ?? word.prefix);
  if (texts.some((word) => /^-(?:filter_script|init_hw_device|f$)/.test(word) && /lavfi|tee|concat/.test(text)))
    reader.findings.confused("A script or a device of the transcoder is not read.", text);
  words.forEach((word, index) => {
    const value = texts[index] ?? "";
    const isInput = texts[index - 1] === "-i";
    const isOutput = index === words.length - 1 && !value.startsWith("-") && !isInput;
    if (!isInput && !isOutput) return;
    const scheme = /^([a-z][a-z0-9+]*):/i.exec(value)?.[1];
    if (scheme === undefined) return reader.touch(isInput ? "read" : "write", word, state);
    if (isInput && /^https?$/.test(scheme))
      return noteRequest({ url: word.text, method: "GET", evidence: text }, reader.findings, reader.surroundings);
    if (scheme === "file") return reader.touch(isInput ? "read" : "write", literal(value.slice(5), word.source), state);
    const [, host = null, port = null] = /^[a-z0-9+]*:\/\/([^/:]+)(?::(\d+))?/i.exec(value) ?? [];
    sendsTo({ host, port }, reader, text);
  });
  reader.findings.note("runs_task", text);
}
