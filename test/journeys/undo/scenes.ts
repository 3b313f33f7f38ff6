/** Whether programs need no `sudo` here. */
export const isRoot = process.getuid?.() === 0;
/** What a step that needs root is preceded by here. */
const root = isRoot ? "" : "sudo --non-interactive ";

/** A command, how things stood before it, and what an undo runs. */
interface Scene {
  readonly what: string;
  readonly before: unknown;
  readonly command: string;
  readonly runs: readonly string[];
}

export const scenes: readonly Scene[] = [
  { what: "a Python package", before: { pip: { requests: "2.0" } }, command: "pip install flask", runs: ["pip uninstall --yes flask"] },
  {
    what: "a Python package's version",
    before: { pip: { requests: "2.0" } },
    command: "pip install requests==3.0",
    runs: ["pip install --disable-pip-version-check requests==2.0"],
  },
  {
    what: "a Python package that went",
    before: { pip: { requests: "2.0" } },
    command: "pip uninstall requests",
    runs: ["pip install --disable-pip-version-check requests==2.0"],
  },
  {
    what: "a system package with what it brought along",
    before: { dpkg: { "bash:amd64": { version: "5" } } },
    command: "apt-get install jq",
    runs: [`${root}dpkg --remove libjq1:amd64 jq:amd64`],
  },
  {
    what: "a system package that went",
    before: { dpkg: { "curl:amd64": { version: "8" } } },
    command: "apt-get remove curl",
    runs: [`${root}apt-get install --yes --allow-downgrades --no-remove curl:amd64=8`],
  },
  { what: "a package of Homebrew", before: { brew: { git: "2" } }, command: "brew install wget", runs: ["brew uninstall --formula wget"] },
  { what: "a program of Cargo", before: {}, command: "cargo install ripgrep", runs: ["cargo uninstall ripgrep"] },
  {
    what: "another version of a program of Cargo",
    before: { cargo: { ripgrep: "13.0.0" } },
    command: "cargo install ripgrep",
    runs: ["cargo install --force --version 13.0.0 ripgrep"],
  },
  {
    what: "a service that was stopped",
    before: { systemctl: { nginx: { runs: true, file: "enabled" } } },
    command: "systemctl stop nginx",
    runs: [`${root}systemctl start -- nginx`],
  },
  {
    what: "a user's service that was enabled",
    before: { systemctl: { sync: { runs: false, file: "masked" } } },
    command: "systemctl --user unmask sync",
    runs: ["systemctl --user mask -- sync"],
  },
  {
    what: "a service that was masked",
    before: { systemctl: { nginx: { runs: false, file: "enabled" } } },
    command: "systemctl mask nginx",
    runs: [`${root}systemctl unmask -- nginx`, `${root}systemctl enable -- nginx`],
  },
  {
    what: "a container that was paused",
    before: { containers: { web: { id: "abc", is: "running" } } },
    command: "docker pause web",
    runs: ["docker unpause abc"],
  },
  {
    what: "a container that was stopped",
    before: { containers: { web: { id: "abc", is: "running" } } },
    command: "docker stop web",
    runs: ["docker start abc"],
  },
  { what: "a network", before: { networks: { bridge: "b1" } }, command: "docker network create lan", runs: ["docker network rm lan-id"] },
  {
    what: "the size of a deployment",
    before: { kubectl: { "deploy/web": { metadata: { uid: "u" }, spec: { replicas: 3 } } } },
    command: "kubectl scale deploy/web --replicas=0 --namespace shop",
    runs: ["kubectl scale --replicas=3 deploy/web --namespace shop"],
  },
  {
    what: "labels",
    before: { kubectl: { "deploy/web": { metadata: { uid: "u", labels: { tier: "a" } } } } },
    command: "kubectl label --overwrite deploy/web tier=b new=1 --namespace shop",
    runs: ["kubectl label --overwrite deploy/web --namespace shop new-", "kubectl label --overwrite deploy/web --namespace shop tier=a"],
  },
  {
    what: "a resource that was made",
    before: {},
    command: "kubectl create configmap settings --namespace shop",
    runs: ["kubectl delete configmap/settings --wait=true --namespace shop"],
  },
  {
    what: "a table of jobs",
    before: { crontab: { own: "0 3 * * * backup\n" } },
    command: "crontab -r",
    runs: ["crontab - (given what stood there before)"],
  },
  {
    what: "an account with its group",
    before: { passwd: { root: "root:x:0:0:root:/root:/bin/sh" }, group: { root: "root:x:0:" } },
    command: "useradd eve",
    runs: [`${root}userdel eve`, `${root}groupdel eve`],
  },
  {
    what: "a group's members",
    before: { passwd: { bob: "bob:x:1:1::/:/bin/sh" }, group: { docker: "docker:x:9:amy" } },
    command: "gpasswd --add bob docker",
    runs: [`${root}gpasswd --delete bob docker`],
  },
  {
    what: "an account's shell",
    before: { passwd: { bob: "bob:x:1:1:Bob B:/home/bob:/bin/sh" } },
    command: "usermod --shell /bin/zsh bob",
    runs: [`${root}usermod --uid 1 --gid 1 --comment 'Bob B' --home /home/bob --shell /bin/sh bob`],
  },
  {
    what: "a mount",
    before: { mounts: { "/": "/dev/sda1 ext4 rw" } },
    command: "mount -t tmpfs none /mnt/x",
    runs: [`${root}umount -- /mnt/x`],
  },
  {
    what: "a mount that went",
    before: { mounts: { "/mnt/x": "/dev/sdb1 ext4 rw" } },
    command: "umount /mnt/x",
    runs: [`${root}mount --types ext4 --options rw -- /dev/sdb1 /mnt/x`],
  },
  { what: "a program of pipx", before: { pipx: { black: "22.1" } }, command: "pipx install ruff", runs: ["pipx uninstall ruff"] },
  {
    what: "a program of pipx that went",
    before: { pipx: { black: "22.1" } },
    command: "pipx uninstall black",
    runs: ["pipx install --force black==22.1"],
  },
  { what: "a tool of uv", before: { uv: { black: "22.1" } }, command: "uv tool install ruff", runs: ["uv tool uninstall ruff"] },
  {
    what: "a tool's version",
    before: { uv: { ruff: "0.4" } },
    command: "uv tool install ruff",
    runs: ["uv tool install --force ruff==0.4"],
  },
  { what: "a package of Alpine", before: { apk: { musl: "1.2-r1" } }, command: "apk add jq", runs: [`${root}apk del jq`] },
  { what: "a package of Alpine that went", before: { apk: { jq: "1.7-r1" } }, command: "apk del jq", runs: [`${root}apk add jq=1.7-r1`] },
  { what: "a package of Arch", before: {}, command: "pacman -S jq", runs: [`${root}pacman --remove --noconfirm jq`] },
  {
    what: "a package of RPM",
    before: { rpm: { "bash.x86_64": "5.2-1.fc40" } },
    command: "dnf install jq",
    runs: [`${root}rpm --erase jq.x86_64`],
  },
  {
    what: "a version of a package of RPM",
    before: { rpm: { "jq.x86_64": "1.7-2.fc40" } },
    command: "dnf upgrade jq",
    runs: [`${root}dnf downgrade --assumeyes jq-1.7-2.fc40.x86_64`],
  },
  { what: "a snap", before: { snap: { core22: "1380" } }, command: "snap install hello", runs: [`${root}snap remove hello`] },
  {
    what: "a snap's revision",
    before: { snap: { hello: "42" } },
    command: "snap refresh hello",
    runs: [`${root}snap revert hello --revision=42`],
  },
  {
    what: "a flatpak",
    before: {},
    command: "flatpak install --user org.x",
    runs: ["flatpak uninstall --user --assumeyes --noninteractive org.x/x86_64/stable"],
  },
  {
    what: "a flatpak's version",
    before: { flatpak: { "org.x/x86_64/stable": "a".repeat(64) } },
    command: "flatpak update --user org.x",
    runs: [`flatpak update --user --assumeyes --noninteractive --commit=${"a".repeat(64)} org.x/x86_64/stable`],
  },
  { what: "a release of Helm", before: {}, command: "helm install web ./chart", runs: ["helm uninstall web --wait"] },
  {
    what: "a rule of ufw",
    before: { ufw: { rules: ["allow 80"], active: true } },
    command: "ufw allow 22/tcp",
    runs: [`${root}ufw --force delete allow 22/tcp`],
  },
  {
    what: "a firewall that was switched off",
    before: { ufw: { rules: [], active: true } },
    command: "ufw disable",
    runs: [`${root}ufw --force enable`],
  },
  {
    what: "the machine's name",
    before: { names: { static: "web" } },
    command: "hostnamectl set-hostname db",
    runs: [`${root}hostnamectl hostname --static web`],
  },
  {
    what: "the clock's zone",
    before: { clock: { zone: "Europe/Berlin", ntp: "yes" } },
    command: "timedatectl set-timezone UTC",
    runs: [`${root}timedatectl set-timezone Europe/Berlin`],
  },
  {
    what: "what the system starts into",
    before: { boot: { target: "graphical.target" } },
    command: "systemctl set-default multi-user.target",
    runs: [`${root}systemctl set-default -- graphical.target`],
  },
  {
    what: "an image's tag",
    before: { images: { "shop:1": "sha256:abc" } },
    command: "docker tag shop:1 shop:2",
    runs: ["docker rmi --no-prune shop:2"],
  },
];
