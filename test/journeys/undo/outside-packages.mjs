const versioned = (text, sign) => text.split(sign);

/** Packages of languages; each call is one of theirs. */
export const languagePrograms = ({ own, words, verb, rest, say, lines }) => ({
  pip() {
    const packages = own("pip");
    if (verb === "list")
      return say(JSON.stringify(Object.entries(packages).map(([name, version]) => ({ name, version: version.split(" @ ")[0] }))));
    if (verb === "freeze")
      return lines(
        Object.entries(packages).map(([name, version]) =>
          version.includes(" @ ") ? `${name} @ ${version.split(" @ ")[1]}` : `${name}==${version}`,
        ),
      );
    for (const each of rest) {
      const [name, version = "9.9.9"] = versioned(each, "==");
      if (verb === "install") packages[name] = version;
      else delete packages[name];
    }
  },
  brew() {
    const packages = own("brew");
    if (verb === "list") return lines(Object.entries(packages).map(([name, version]) => `${name} ${version}`));
    for (const name of rest) {
      if (verb === "install") packages[name] = "1.0";
      else delete packages[name];
    }
  },
  cargo() {
    const packages = own("cargo");
    if (words.includes("--list"))
      return lines(Object.entries(packages).flatMap(([name, version]) => [`${name} v${version}:`, `    ${name}`]));
    const at = words.indexOf("--version");
    const name = words.at(-1);
    if (verb === "install") packages[name] = at < 0 ? "14.0.0" : words[at + 1];
    else delete packages[name];
  },
  // Written after what pipx 1.1 answers, and docs.astral.sh/uv/concepts/tools. A package from a folder has it behind its version.
  pipx() {
    const packages = own("pipx");
    if (verb === "list") {
      const venv = ([name, state]) => {
        const [version, from = name] = state.split(" from ");
        return [name, { metadata: { main_package: { package: name, package_version: version, package_or_url: from } } }];
      };
      return lines([JSON.stringify({ venvs: Object.fromEntries(Object.entries(packages).map(venv)) })]);
    }
    const [name, version = "9.9.9"] = versioned(rest[0], "==");
    if (verb === "install") packages[name] = version;
    else delete packages[name];
  },
  uv() {
    const packages = own("uv");
    const [what, named] = rest;
    if (what === "list") return lines(Object.entries(packages).flatMap(([name, version]) => [`${name} v${version}`, `- ${name}`]));
    const [name, version = "9.9.9"] = versioned(named, "==");
    if (what === "install") packages[name] = version;
    else delete packages[name];
  },
});

/** A distribution's packages. */
export const systemPrograms = ({ own, words, plain, verb, rest, lines, fail }) => ({
  "dpkg-query"() {
    lines(Object.entries(own("dpkg")).map(([name, { version }]) => `installed\t${name}\t${version}`));
  },
  dpkg() {
    const packages = own("dpkg");
    for (const name of plain) {
      const user = Object.entries(packages).find(([other, { needs = [] }]) => needs.includes(name) && !plain.includes(other));
      if (user) fail(`dpkg: dependency problems prevent removal of ${name}:\n ${user[0]} depends on ${name}.`);
      delete packages[name];
    }
  },
  "apt-get"() {
    const packages = own("dpkg");
    const full = (name) => (name.includes(":") ? name : `${name}:amd64`);
    for (const each of rest) {
      const [name, version = "2.0"] = versioned(each, "=");
      if (verb === "remove") delete packages[full(name)];
      else packages[full(name)] = { ...packages[full(name)], version };
      if (verb === "install" && name === "jq") {
        packages["libjq1:amd64"] = { version: "1.6" };
        packages["jq:amd64"] = { version: "1.6", needs: ["libjq1:amd64"] };
      }
    }
  },
  // docs.alpinelinux.org, "Working with apk": `apk info -v` prints musl-1.2.4-r2.
  apk() {
    const packages = own("apk");
    if (verb === "info") return lines(Object.entries(packages).map(([name, version]) => `${name}-${version}`));
    const [name, version = "9.9-r0"] = versioned(rest[0], "=");
    if (verb === "add") packages[name] = version;
    else delete packages[name];
  },
  pacman() {
    const packages = own("pacman");
    if (words.includes("--query")) return lines(Object.entries(packages).map(([name, version]) => `${name} ${version}`));
    if (words[0] === "-S") packages[verb] = "9.9-1";
    else delete packages[verb];
  },
});

/** Packages of RPM, snaps, flatpaks. */
export const bundlePrograms = ({ own, words, plain, verb, rest, lines }) => ({
  rpm() {
    if (words.includes("--query")) return lines(Object.entries(own("rpm")).map(([name, version]) => `${name}\t${version}`));
    for (const name of plain) delete own("rpm")[name];
  },
  dnf() {
    const [name, version = "9.9-1.fc40"] =
      verb === "downgrade" ? [/^\w+/.exec(rest[0])[0], /-(\d.*)\.x86_64$/.exec(rest[0])[1]] : [rest[0]];
    own("rpm")[`${name}.x86_64`] = version;
  },
  // snapcraft.io/docs/reference/snap-list: Name, Version, Rev, Tracking, Publisher, Notes.
  snap() {
    const snaps = own("snap");
    if (verb === "list")
      return lines([
        "Name  Version  Rev  Tracking  Publisher  Notes",
        ...Object.entries(snaps).map(([name, rev]) => `${name}  1.0  ${rev}  latest/stable  canonical✓  -`),
      ]);
    if (verb === "remove") delete snaps[rest[0]];
    else snaps[rest[0]] = verb === "revert" ? words.at(-1).split("=")[1] : "43";
  },
  // docs.flatpak.org/en/latest/flatpak-command-reference.html: columns parted by tabs where nobody looks.
  flatpak() {
    const refs = own("flatpak");
    if (verb === "list") return lines(Object.entries(refs).map(([ref, commit]) => `${ref}\t${commit}\tflathub`));
    const name = words.at(-1);
    const ref = name.includes("/") ? name : `${name}/x86_64/stable`;
    if (verb === "uninstall") delete refs[ref];
    else refs[ref] = words.find((word) => word.startsWith("--commit="))?.slice(9) ?? "f".repeat(64);
  },
});
