import { converts, keyed } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Pictures and fonts. */
const pictures = [
  "animate mogrify gm vipsedit jpgicc tificc iccgamut pngfix pngcp png2pnm pngrewrite pngscale png2theora pngcrop bmp2eps tiffdither tiffgt tiffmedian fax2ps rgb2ycbcr gif2rgb gif2tiff giffix giftext giftool giffilter webp-recompress jxl_from_tree benchmark_xl butteraugli_main ssimulacra ssimulacra2 ssimulacra_main ssimulacra2_rs dssim dify odiff blockhash imgdiff imgcmp jpeg-archive jpeg-recompress jpeg-hash jasper imginfo opj_compress opj_decompress opj_dump j2k_to_image kdu_compress grk_compress raw-identify unprocessed_raw ufraw rawtherapee-cli darktable-cli dngconvert exrinfo exrmultiview exr2aces igrep idiff iinfo ociobakelut ociocheck enblend enfuse nona pto_gen cpfind autooptimiser pano_modify align_image_stack hugin_executor vidstab PTmender scantailor fontimage fontlint sfddiff sfnt2woff woff2sfnt woff2_info pyftmerge ttx fontmake ttf2eot ttfautohint otfinfo ftdump ftlint ftgrid glyphs2ufo ufo2ft psfonts t1binary t1ascii t1mac bdf2psf psfaddtable psfgettable psfxtable psfstriptable",
];

/** Sound and films. */
const sound = [
  "abc2abc midi2abc convert-ly abc2ly etf2ly musescore3 mscore3 mei2musicxml verovio ecaconvert toolame l3dec madplay id3convert id3cp id3tag tagutil vorbiscomment oggz oggz-info oggz-comment oggz-merge oggz-rip oggz-sort oggz-validate oggCut opustags loudgain r128gain rsgain bs1770gain ebur128 ffmpeg2theora theoraenc aomdec dav1d SvtAv1DecApp ab-av1 kvazaar vmaf mp4extract mp4subtitle mp4chaps mp4trackdump qt-faststart qtfaststart subedit subtitleedit srttool sub2srt ttconv aeneas whisperx faster-whisper vosk-transcriber pocketsphinx pocketsphinx_continuous dvdauthor spumux spuunmux dvdunauthor mplex jpeg2yuv yuv4mpeg yuvscaler mpeg2enc png2yuv lav2yuv ogmmerge ogmdemux avimerge avisplit aviindex handbrakecli auto-editor vcs thumbgrid gst-launch-1.0 gst-discoverer-1.0 gst-inspect-1.0 gst-typefind-1.0 gst-play-1.0 sidplay2 uade123 vgmplay mikmod zita-resampler sndfile-cmp sndfile-concat sndfile-deinterleave sndfile-interleave sndfile-mix-to-mono sndfile-metadata-get sndfile-metadata-set sndfile-salvage paulstretch seewav sonic-annotator essentia_streaming_extractor_music chromaprint demucs spleeter umx",
];

/** Pages, books, references. */
const pages = [
  "pdfcpu pdfstitch pdfsizeopt pdfresurrect pdf2john pdftricks pdfcolorsplit pdf2xml pdf-redact-tools pdf-stapler stapler pdfrw pikepdf paps a2ps u2ps textimages mptopdf bibtool bibtexconvert bib2xml xml2bib end2xml ris2xml isi2xml med2xml copac2xml xml2ris xml2end xml2wordbib texi2html pod2texi latex2rtf latex2man latex2nemeth tex4ht mk4ht hevea hacha tth ttm lwarp pandoc-crossref pandoc-citeproc asciidoctor-pdf asciidoctor-epub3 asciidoctor-reveal adoc2md html2haml html2slim slim2html erb2haml haml2slim html2jade mustache nunjucks liquidjs j2 jinja2-cli pcpp epub2txt epub2txt2 mobi2epub mobitool djvu2pdf djvuextract djvumake djvuxml cpaldjvu csepdjvu bzz wpd2html wpd2text wpd2odt abw2html pub2xhtml vsd2xhtml cdr2xhtml mwaw2html wps2html rtf2latex2e docx2tex docx2html mammoth xlsx2tsv xlscat xls2json ods2csv odt2html odfpy odf2xhtml unoconvert",
];

/** Structured data and tables. */
const data = [
  "json2go gojson json-to-ts jsonmerge json-patch jsonpatch jsondiff json-diff-ts fastgron ungron jshon jsonpp hjson hjson-cli cson2json json2cson plist2json plistconvert xml2js xml2csv xml2 2xml html2 2html csv2 2csv xmltoman xpath xgrep xml_pp xml_split xml_merge xml_spellcheck trang jing rnv xjparse rdfconvert serdi sord_validate roqet raptor2 shacl shex tsv-select tsv-filter tsv-summarize tsv-join tsv-uniq tsv-append tsv-pretty tsv-sample tsv-split csv2tsv number-lines keep-header xan csvpy sql2csv csvs-to-sqlite sqlite-diffable geojson-to-sqlite yaml-to-sqlite dbf2csv dbfdump dbview mdb-tables mdb-export mdb-schema mdb-json mdb-ver mdb-count mdb-queries parquet-cli pqrs pqfmt parquet-schema parquet-read parquet-rowcount parquet-fromcsv arrow-json-file-to-stream orc-contents orc-metadata orc-scan avro2json cbor2diag.rb bson2json protobuf_inspector protoscope kaitai-struct-compiler ksc ksv",
];

/** Maps, shapes and shaders. */
const maps = [
  "gdal_calc.py gdal_sieve.py gdal_fillnodata.py gdal_edit.py gdal_retile.py gdal2xyz.py gdalenhance gdallocationinfo gdalmanage gdalsrsinfo gdaltransform gdal_viewshed gdal_footprint ogrtindex rgb2pct.py pct2rgb.py cct mapproxy-util tippecanoe-decode tippecanoe-enumerate osmcoastline togeojson topo2geo topomerge topoquantize geojsonhint wkt2geojson gpscorrelate exiftogpx gpx2shp gpxinfo gpxsplit xyz2lines las2txt txt2las entwine untwine cloudcompare openctm admesh obj2gltf gltf-transform gltfpack gltf-pipeline gltf-validator fbx2gltf draco_encoder draco_decoder basisu toktx ktx2check ktx2ktx2 ktxinfo ktxsc compressonatorcli nvcompress nvdecompress nvddsinfo crunch_dxt etcpak astcenc texconv spritesheet-js texturepacker free-tex-packer-cli spirv-as spirv-dis spirv-opt spirv-val spirv-link spirv-cross spirv-reflect spirv-cfg glslangValidator glslang glslc dxc fxc naga",
];

/** From one form to another: whatever these name is judged as written. */
export const formats: Programs = keyed([...pictures, ...sound, ...pages, ...data, ...maps], converts);
