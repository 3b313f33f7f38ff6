import { readByTable } from "./read-call.js";
import { keyed, opens, shows } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Panels, screens, locks, sound, menus: the user's own session. */
const session = [
  "bspwm dwm sxhkd i3status i3blocks i3lock swaylock hyprlock hypridle xlock slock physlock betterlockscreen light-locker-command xscreensaver-command gnome-screensaver-command xdg-screensaver swaybg hyprpaper wpaperd nitrogen hsetroot xsetroot variety azote wal",
  "dunst mako dunstify wob avizo-client eww conky lemonbar xmobar tint2 nwg-dock nwg-panel plank trayer stalonetray nm-applet blueman-applet pasystray volumeicon wlopm wlsunset wdisplays nwg-displays mons disper",
  "xvinfo xwud xfd xfontsel xedit xload xconsole oclock xsnow xcursorgen xssstate xidle hacksaw es2_info eglinfo weston-info glmark2 vkmark",
  "pw-link pw-mididump pw-midiplay pw-midi2play pw-play pw-cat pw-cli pw-config pw-loopback pw-reserve pw-metadata pw-profiler pw-dot spa-inspect spa-monitor spa-json-dump wireplumber pavumeter paprefs ncpamixer qpwgraph helvum qjackctl jack_lsp jack_bufsize jack_samplerate aconnect aplaymidi aseqdump speaker-test alsaloop sndioctl mixerctl",
  "wofi fuzzel bemenu tofi wmenu dmenu walker yad",
];

/** Programs with a window or a full screen of their own: a person works in them. */
const windows = [
  "gnucash kmymoney homebank skrooge gnumeric calligra calligraflow calligrasheets calligrawords abiword focuswriter ghostwriter marktext typora zettlr xournalpp rnote drawing pinta krita mypaint kolourpaint shotwell digikam darktable rawtherapee hugin inkview",
  "lmms virt-manager scrcpy obs qjoypad meshlabserver qgis josm marble gpsprune viking meshlab librecad qcad kicad gerbv gtkwave klayout magic fritzing",
  "mixxx ardour musescore mscore hydrogen rosegarden qtractor milkytracker schismtracker easytag kid3 puddletag strawberry clementine rhythmbox amarok elisa lollypop quodlibet banshee cmus musikcube termusic kew ncspot spotify_player sptlrx",
  "telegram-desktop signal-desktop element-desktop thunderbird evolution geary kmail claws-mail nheko fractal pidgin gajim dino hexchat konversation polari",
  "kwrite kate gedit pluma mousepad leafpad xed featherpad gnome-text-editor notepadqq retext apostrophe okteta ghex bless wxhexeditor imhex dhex",
  "nautilus dolphin thunar nemo pcmanfm caja doublecmd krusader mate-search-tool catfish baobab filelight qdirstat k4dirstat file-roller ark engrampa xarchiver",
  "gnome-calculator kcalc gnome-clocks gnome-maps gnome-weather gnome-calendar korganizer gnome-contacts gnome-characters gucharmap kcharselect gnome-font-viewer font-manager gnome-logs ksystemlog gnome-system-monitor ksysguard plasma-systemmonitor xfce4-taskmanager qdbusviewer",
  "pdfpc impressive llpp xreader foliate fbreader coolreader cr3 epr epy",
  "meld kdiff3 diffuse kompare xxdiff tkdiff diffpdf gitg git-cola gitkraken giggle qgit gittyup lazygit gitui tig tuir rtv circumflex newsboat newsraft calcurse wyrd jadx-gui recaf sqlitebrowser",
];

/** Games, banners, typing tests, charts in the terminal. */
const games = [
  "adventure arithmetic backgammon battlestar bcd boggle caesar canfield cribbage dab gomoku hangman larn mille monop morse number phantasia ppt quiz robots rogue rot13 tetris worm worms wtf wump",
  "blockout2 frozen-bubble supertux2 supertuxkart neverball minetest 0ad wesnoth freeciv hedgewars openra xonotic warzone2100 widelands lbreakout2 pingus extremetuxracer armagetronad gnuchess stockfish gnubg gnugo crafty nudoku sudoku 2048 freesweep myman cataclysm angband crawl brogue typespeed gtypist robotfindskitten gnome-mines gnome-chess gnome-sudoku aisleriot kpat kmines gbrainy",
  "eva kalker rink biff tt ttyper thokr typioca toipe wpm speedread boxes blahaj pokego pokeget krabby ternimal genact nms sneakers dotacat clolcat ttyplot asciigraph termdown tock tty-clock clockr peaclock countdown stopwatch pomo porsmo pokete",
];

/** The session of the person at the screen. */
export const desktop: Programs = {
  ...keyed([...session, ...games], shows),
  ...keyed(windows, opens),
  "swaynag i3-nagbar": {
    flags: "-b=!runs_hidden --button=!runs_hidden -B=!runs_hidden -z=!runs_hidden -Z=!runs_hidden *",
    does: "harmless",
  },
  "fzf sk skim percol peco fzy": {
    flags:
      "--bind=!runs_hidden --preview=shell --listen?!opens_port --listen-unsafe?!runs_hidden --become=!runs_hidden -c=shell --cmd=shell --with-shell=!runs_hidden --history=write -q= --query= -n= -d= --delimiter= --nth= --with-nth= --height= --prompt= --header= --layout= -f= --filter= -e -m -i -x -1 -0 *",
    does: "harmless",
  },
  gum: {
    verbs: {
      "choose confirm filter format input join log pager style table version-check": { flags: "*", does: "harmless" },
      file: { flags: "*", takes: "list..." },
      write: { flags: "*", does: "harmless" },
      spin: {
        flags: "-s= --spinner= --title= -a= --align= --timeout= --show-output --show-error --show-stdout --show-stderr",
        takes: "command",
      },
    },
  },
  inkscape: {
    flags:
      "--actions=!runs_hidden --batch-process --shell!runs_hidden --pipe -o=write --export-filename=write --export-type= --export-area= --export-area-page --export-area-drawing -d= --export-dpi= -w= -h= --export-width= --export-height= -i= --export-id= -j -l -T --export-text-to-path --export-plain-svg --export-overwrite!writes_workspace --pages= -b= -y= -C -D -I= -X -Y -W -H -S -n= --query-all --query-id= --vacuum-defs --version:shows",
    takes: "read...",
  },
  "soffice libreoffice lowriter localc loffice": {
    flags:
      "--headless --convert-to= --outdir=write --writer --calc --impress --draw --math --cat --infilter= --nologo --norestore --view -o -n --pt=!other_effect -p!other_effect",
    words: true,
    // `macro:///…` and `vnd.sun.star.script:…` run what the office has stored.
    read: (call, { read: _own, ...table }) => {
      if (call.words.some((word) => /^(?:macro|vnd\.sun\.star\.script):/.test(word.text ?? "macro:")))
        call.reader.findings.note("runs_hidden", call.text);
      readByTable(call, { ...table, takes: "read...", does: "writes_workspace" });
    },
  },
  openscad: {
    flags: "-o=write -D= --imgsize= --camera= --render --export-format= --colorscheme= -q --autocenter --viewall --preview",
    takes: "read...",
  },
  blender: {
    flags:
      "-b -a -f= -o=write -s= -e= -F= -S= -E= -x= -t= -j= --background --render-anim --render-output=write --render-frame= --factory-startup --version:shows -v:shows",
    words: true,
    takes: "read...",
    does: "writes_workspace",
  },
};
