import { keyed, opens, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

/** A window of its own for a person, opened with files or nothing. */
const windows = [
  "audacity freecad geany kdenlive openshot cura prusa-slicer freeplane xmind dbeaver pgadmin4 insomnia postman gephi paraview stellarium celestia kstars spyder anki sigil scribus lximage-qt phototonic simplescreenrecorder peek kooha guvcview webcamoid gnome-boxes gnome-tweaks gnome-control-center systemsettings kinfocenter hardinfo2 gnome-disks gnome-software nyxt dillo falkon epiphany midori",
];

/** A terminal window: what stands behind `-e` or as its words runs in it. */
const terminal: Usage = {
  flags:
    "-e -x --hold -T= -t= --title= --class= --working-directory=folder --directory=folder -d=folder --start-as= --position= -g= --geometry= --maximize --fullscreen -v:shows --version:shows",
  stopsEarly: true,
  takes: "command",
};

/** What a person works in: windows, terminals, the files of a folder, the web in a terminal. */
export const screens: Programs = {
  ...keyed(windows, opens),
  "alacritty kitty foot st uxterm urvxt lxterminal xfce4-terminal terminator tilix ghostty mate-terminal gnome-terminal kgx": terminal,
  konsole: { ...terminal, flags: "-e --hold --new-tab --workdir=folder --list-profiles:shows --profile= --nofork --separate" },
  wezterm: {
    verbs: {
      "ls-fonts show-keys": shows,
      start: { flags: "--cwd=folder --always-new-process --class= --position= --", takes: "command" },
      imgcat: { flags: "*", takes: "read..." },
    },
  },
  "ranger nnn lf yazi xplr joshuto fff clifm rover vifm felix walk": { flags: "-h -v -a -d -H", takes: "list..." },
};
