import { describe, expect, it } from "vitest";
import { placesNamed } from "./places.js";

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
    ["docker compose up -d", ["docker's containers"]],
    ["podman run --rm x", ["podman's containers"]],
    ["kubectl scale deployment web --replicas=0 -n shop", ["deployment/web in Kubernetes"]],
    ["kubectl create configmap settings --from-literal=a=b", ["configmap/settings in Kubernetes"]],
    ["crontab -u eve jobs", ["crontab of eve"]],
    ["useradd eve", ["accounts of this machine"]],
    ["umount /mnt/x", ["mounted file systems"]],
    ["chown eve file", ["owner of /srv/shop/file"]],
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
    "git fetch origin",
    "ls",
  ])("nowhere: %s", (line) => expect(placesOf(line)).toEqual([]));
});
