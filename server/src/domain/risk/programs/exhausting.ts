import type { Call } from "../shell/call.js";

/** Devices that never end. */
const endless = /^\/dev\/(?:zero|u?random|full)$/;
/** Programs that keep all they read until it ends. */
const hoarders = /^(?:tail|sort|tac|rev|shuf|tsort|sponge|wc|md5sum|sha\d+sum|gzip|xz)$/;
const terabytes = /^(?:\d{4,}(?:\.\d+)?G|\d+(?:\.\d+)?[TPE])(?:i?B)?$/i;

/** What fills the disk or the memory until nothing works: no limit is given, and its input never ends. */
export function noteExhausting({ program, words, reader, state, text }: Call): void {
  const texts = words.map((word) => word.text ?? "?");
  const files = texts.filter((word) => !word.startsWith("-"));
  const bomb = (): void => reader.findings.note("bomb", text);
  switch (program) {
    case "dd": {
      const input = texts.find((word) => word.startsWith("if="))?.slice(3) ?? "";
      const output = texts.find((word) => word.startsWith("of="))?.slice(3) ?? "/dev/null";
      if (endless.test(input) && !output.startsWith("/dev/") && !texts.some((word) => word.startsWith("count="))) bomb();
      return;
    }
    case "cp":
      if (files.length > 1 && files.slice(0, -1).some((word) => endless.test(word)) && !texts.some((word) => /^-\w*[aRrd]/.test(word)))
        bomb();
      return;
    case "fallocate":
      if (texts.some((word, index) => terabytes.test(word.replace(/^--length=|^-l/, "")) && (index === 0 || word !== files.at(-1)))) bomb();
      return;
    case "cat":
    case "yes":
    case "tee":
      if (state.outputsToFile && (program === "yes" || files.some((word) => endless.test(word)))) bomb();
      return;
    case "xargs":
      if (
        texts.some(
          (word, index) => /^(?:-\w*P0|--max-procs=0)$/.test(word) || (/^(?:-\w*P|--max-procs)$/.test(word) && texts[index + 1] === "0"),
        )
      )
        if (state.input.kind === "pipe" && reader.findings.commands.at(-2)?.program === "yes") bomb();
      return;
    default:
      if (
        hoarders.test(program) &&
        files.some((word) => endless.test(word)) &&
        !texts.some((word) => /^-[cn]/.test(word) && program !== "tail")
      )
        bomb();
  }
}
