import { describe, expect, it } from "vitest";
import { isTakenBackWhole, placesNamed } from "./places.js";

const placesOf = (line: string) => {
  const [program = "", ...words] = line.split(" ");
  return placesNamed({ program, words, folder: "/srv/shop" });
};

describe("where a command leaves effects that can be taken back", () => {
  it.each([
    ["npm install --global typescript", ["npm's global packages"]],
    ["npm i -g typescript --prefix /opt/x", ["npm's global packages in /opt/x"]],
    ["python3 -m pip install flask", ["packages of python3 -m pip"]],
    ["apt-get install jq", ["system packages"]],
    ["dpkg -i jq.deb", ["system packages"]],
    ["brew upgrade", ["packages of Homebrew"]],
    ["cargo install ripgrep", ["programs of Cargo"]],
    ["systemctl --user enable --now a b", ["service a of the user", "service b of the user"]],
    ["service nginx restart", ["service nginx"]],
    ["docker compose up -d", ["docker's containers and images"]],
    ["podman run --rm x", ["podman's containers and images"]],
    ["kubectl scale deployment web --replicas=0 -n shop", ["deployment/web in Kubernetes"]],
    ["kubectl create configmap settings --from-literal=a=b", ["configmap/settings in Kubernetes"]],
    ["crontab -u eve jobs", ["crontab of eve"]],
    ["useradd eve", ["accounts of this machine"]],
    ["umount /mnt/x", ["mounted file systems"]],
    ["chown eve file", ["owner of /srv/shop/file"]],
    ["setfacl -m u:eve:r file", ["access list of /srv/shop/file"]],
    ["pipx install black", ["programs of pipx"]],
    ["uv tool install ruff", ["tools of uv"]],
    ["gem install rake", ["gems"]],
    ["go install golang.org/x/tools/gopls@latest", ["programs of Go"]],
    ["dnf install -y jq", ["system packages of RPM"]],
    ["rpm -Uvh jq.rpm", ["system packages of RPM"]],
    ["apk add jq", ["system packages of Alpine"]],
    ["pacman -S jq", ["system packages of Arch"]],
    ["snap install hello", ["snaps"]],
    ["flatpak install --user flathub org.x", ["flatpaks of the user"]],
    ["docker pull nginx", ["docker's containers and images"]],
    ["helm upgrade --install web ./chart -n shop", ["release web of Helm"]],
    ["helm uninstall web api", ["release web of Helm", "release api of Helm"]],
    ["gh issue create --title x --body y --repo ada/shop", ["open issues and pull requests of yours of ada/shop"]],
    ["gh pr close 7 -R ada/shop", ["issue 7 of ada/shop", "comments of yours on 7 of ada/shop"]],
    ["gh pr merge https://github.com/ada/shop/pull/7 -R ada/shop", ["issue 7 of ada/shop"]],
    ["gh issue comment 3 --body x -R forge.example/ada/shop", ["comments of yours on 3 of forge.example/ada/shop"]],
    ["gh label create bug -R ada/shop", ["labels of ada/shop"]],
    ["gh release create v1 -R ada/shop", ["release v1 of ada/shop"]],
    ["sysctl -w vm.swappiness=10", ["kernel setting vm.swappiness"]],
    ["hostnamectl set-hostname web", ["name of this machine"]],
    ["timedatectl set-timezone UTC", ["clock of this machine"]],
    ["systemctl set-default multi-user.target", ["what the system starts into"]],
    ["iptables -A INPUT -j ACCEPT", ["rules of iptables"]],
    ["ufw allow 22", ["rules of ufw"]],
    ["terraform -chdir=infra apply -auto-approve", ["resources of terraform in /srv/shop/infra"]],
    ["tofu destroy", ["resources of tofu in /srv/shop"]],
  ])("%s", (line, places) => expect(placesOf(line)).toEqual(places));

  it.each([
    "npm install typescript",
    "npm ls --global",
    "pip list",
    "pip install --target vendor flask",
    "apt-get update",
    "brew list",
    "cargo install --root /opt x",
    "systemctl status nginx",
    "systemctl stop web-*",
    "systemctl -H elsewhere stop nginx",
    "docker ps",
    "docker -H tcp://elsewhere:2375 rm x",
    "kubectl get pods",
    "kubectl create -f file.yaml",
    "kubectl label pods --all x=y",
    "kubectl --kubeconfig mine.yaml label pods/web x=y",
    "kubectl scale deploy/web --replicas=0 --server=https://elsewhere",
    "crontab -l",
    "mount",
    "chown -R eve folder",
    "setfacl -R -m u:eve:r folder",
    "pipx run black",
    "uv pip install ruff",
    "gem install -i vendor rake",
    "go build",
    "dnf --installroot=/x install jq",
    "rpm -qa",
    "dpkg --root=/x -i jq.deb",
    "systemctl --root=/x enable web",
    "apk info",
    "pacman -Q",
    "snap list",
    "helm install --generate-name ./chart",
    "helm list",
    "helm upgrade web ./chart --kubeconfig mine.yaml",
    "helm upgrade web ./chart -nshop",
    "kubectl scale deploy/web --replicas=0 -nshop",
    "gh issue list -R ada/shop",
    "gh pr merge",
    "gh pr merge --admin -R --hostname=evil",
    "gh release create -R ada/shop --notes x",
    "sysctl vm.swappiness",
    "sysctl -w vm.drop_caches=3",
    "hostnamectl",
    "iptables -L -n",
    "ufw status",
    "terraform plan",
    "git fetch origin",
    "ls",
  ])("nowhere: %s", (line) => expect(placesOf(line)).toEqual([]));
});

describe("what a command does goes back exactly, and is all that it does", () => {
  const isWhole = (line: string) => {
    const [program = "", ...words] = line.split(" ");
    return isTakenBackWhole({ program, words, folder: "/srv/shop" });
  };

  it.each([
    "systemctl enable web",
    "systemctl --user mask web",
    "systemctl set-default multi-user.target",
    "sysctl -w vm.swappiness=10",
    "hostnamectl set-hostname web",
    "timedatectl set-timezone UTC",
    "setfacl -m u:eve:r file",
  ])("%s", (line) => expect(isWhole(line)).toBe(true));

  it.each([
    "systemctl enable --now web",
    "systemctl stop web",
    "sysctl -w vm.swappiness=10 vm.drop_caches=3",
    "timedatectl set-ntp true",
    "chown eve file",
    "npm install -g x",
    "apt-get install jq",
    "docker stop web",
    "crontab jobs",
    "gh issue create --repo ada/shop",
    "ls",
  ])("not so: %s", (line) => expect(isWhole(line)).toBe(false));
});
