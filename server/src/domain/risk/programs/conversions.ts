import { converts, keyed } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Pictures. */
const pictures = [
  "heif-convert heif-enc heif-info sips jxlinfo jpegqs pngout pngloss apngasm apngdis apngopt gif2apng giflossy gifclrmp gif2png gifbuild svgcleaner svgexport cairosvg vtracer primitive gowall lutgen dipc realesrgan-ncnn-vulkan waifu2x-ncnn-vulkan upscayl rembg ascii-image-converter asciiart img2ansi pixterm jhead exiv2 exifautotran exiftran jpegexiforient blurhash phash findimagedupes imgdupes vips vipsthumbnail nconvert xv xli tiffcp tiffsplit tiffcrop tiff2pdf tiff2ps tiff2bw tiff2rgba tiffset tiffdump fax2tiff pal2rgb raw2tiff ppm2tiff dcraw dcraw_emu exrmetrics exrmakepreview exrenvmap exrmaketiled exrstdattr oiiotool iconvert maketx qr dmtxwrite dmtxread aha ansi2html ansifilter ansilove svg-term agg termtosvg terminalizer germanium carbon-now-cli",
];
/** Sounds and films. */
const media = [
  "ffmpeg-normalize ffmpeg-bitrate-stats sndfile-convert sndfile-resample sndfile-play twolame mpg123 mpg321 ogg123 opus2wav flac123 mac wavegain vorbisgain mp3splt mp3cat mp3check mp3val vbrfix id3tool id3ren eyed3 kid3-cli tageditor operon atomicparsley AtomicParsley mp4info mp4dump mp4track mp4tags mp4art mp4file MP4Box gpac mp4fragment mp4decrypt mediaconch x264 x265 SvtAv1EncApp rav1e aomenc vpxenc vpxdec av1an makemkvcon mkclean mkvalidator mkvtree avs2yuv y4mdenoise tsMuxeR tstools comskip subsync alass ffsubsync pysubs2 vobsub2srt subtitleeditor m4b-tool tone flac2mp3 musepack mpcenc mpcdec abc2midi abcm2ps abc2ps midi2ly musicxml2ly ly wildmidi adplay xmp openmpt123 sidplayfp vgm2wav spek audiowaveform bpm-tools bpm aubioonset aubiopitch keyfinder-cli fpcalc beet-info rnnoise_demo rubberband soundstretch spa-resample tta ttaenc shorten shnsplit shnjoin shnlen shninfo shnconv",
];
/** Structured data, code and text: from one form to another. */
const data = [
  "jtbl jsonnet jsonnet-lint jrsonnet nickel hocon hcl2json json2hcl hclfmt tf2json json2toml yaml2toml toml2yaml remarshal xml2yaml yaml2xml json2html cfgv ini2json csv2parquet parquet-tools parquet2json json2parquet avro-tools avrocat orc-tools arrow-tools rapper rdfpipe riot jsonld jsonlint-mod quicktype json-schema-faker genson datamodel-codegen typify csv2sqlite tsv2csv csv-to-sqlite ics2csv vcf2csv csvtojson ssconvert catxls flatterer pg2mysql prqlc prql sqlglot sqlfmt pgformatter squawk sqruff edgeql protoc-gen-doc prototool msgpack2json json2msgpack cbor2json json2cbor cbor2diag plistutil plutil bplist biplist reg2json",
  "ascii2uni uni2ascii native2ascii recode cocot nkf kakasi enconv unaccent slugify pinyin opencc txt2html txt2tags txt2pdf rot47 urlencode urldecode html-entities uuid5 bingrep xortool basecrack dcode base100 base65536 punycode idn idn2 morse2text text2morse phonetic mnemonicode",
];
/** Images of disks and archives, made of named files. */
const images = [
  "mkisofs genisoimage xorriso xorrisofs isoinfo isovfy isohybrid implantisomd5 checkisomd5 mksquashfs sqfs2tar tar2sqfs gensquashfs rdsquashfs mkfs.erofs dump.erofs fsck.erofs mkcramfs cromfs virt-make-fs simg2img img2simg mkbootimg unpackbootimg mkimage dumpimage fdtget fdtput fdtdump elf2uf2 uf2conv jmod jlink jimage nomarch ace adiff lcab msiextract msiinfo rpm2cpio rpm2archive dpkg-split deb2targz zipcmp zipmerge ziptool advzip znew zforce lrztar lrzuntar lrunzip zpaq rzip lzturbo pxz pixz pzstd unpigz par2 par2create par2verify par2repair createrepo createrepo_c repo-add repo-remove dpkg-scanpackages dpkg-scansources apt-ftparchive transmission-create transmission-edit transmission-show mktorrent torrenttools bencode repomix code2prompt yek strip-nondeterminism sc_warts2pcap sc_wartsfix repren airdecap-ng cdparanoia scanimage gnucash-cli files-to-prompt",
];

/** Converters: whatever they name is judged as written. */
export const conversions: Programs = {
  ...keyed([...pictures, ...media, ...data, ...images], {
    ...converts,
    flags: `-o=write --output=write --out=write --remote=!reads_unknown_host *`,
  }),
  lilypond: {
    flags: "-e=!runs_code --evaluate=!runs_code -o=write --output=write -f= --pdf --png --svg --ps -l= -I= -d= --silent -s -V",
    takes: "read...",
    does: "writes_workspace",
  },
};
