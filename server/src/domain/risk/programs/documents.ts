import type { Call } from "../shell/call.js";
import { converts, keyed, reads } from "./shapes.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

/** Typesetting, books, pages, fonts: from one file to another. */
const typesetting = [
  "groff troff eqn neqn tbl pic grap refer soelim preconv grotty grops gropdf mandoc makeinfo texi2any info2html dvipdf dvipdfm dvipdfmx dvipng dvisvgm ps2pk gftopk makeindex xindy makeglossaries bibtex8 bib2bib bibtex2html bibclean kpsewhich latexml latexmlpost latexpand latexdiff-vc texfot texloganalyser xml2rfc kramdown-rfc a2ping pfb2pfa pfa2pfb t1disasm t1asm afm2tfm fontinst otftotfm",
  "mutool pdfdetach pdftohtml pdftk qpdf pdfarranger pdfbox pdfly pdf2image pdf2txt.py dumppdf.py k2pdfopt briss krop img2djvu djvutxt djvused djvm djvudump minidjvu any2djvu ebook-convert ebook-meta ebook-polish epubcheck mobi_unpack kindlegen daps xmlto fop dblatex docbook2html docbook2pdf docbook2man xsltproc wkhtmltopdf wkhtmltoimage html2pdf html2markdown html2ps htmldoc vivliostyle pagedjs-cli percollate monolith single-file decktape mdpdf md2pdf unoconv docx2md docx2pdf pptx2md xlsx2json antixls catdocx rtf2html wvHtml wvText",
  "d2 structurizr-cli nomnoml svgbob bpmn-to-image erdot schemaspy tbls goat dia dot2tex dotty lneato sfdp gvpr gvpack",
  "ocrad gocr cuneiform kraken calamari-predict ocrodjvu pdfsandwich scantailor-cli deskew textcleaner",
];
/** Prose and words, read and counted. */
const prose = [
  "ltex languagetool textstat pylanguagetool dictd nuspell stutter readability mdl textidote lychee linkchecker markdown-link-check muffet htmltest",
];

/** Documents: typesetting, conversion, spelling. */
export const documents: Programs = {
  ...keyed(typesetting, { ...converts, flags: `-U!runs_hidden --shell-escape!runs_hidden ${converts.flags ?? ""}` }),
  ...keyed(prose, reads),
  exiftool: {
    flags:
      "-config=!runs_hidden -if=!runs_code -if2=!runs_code -userParam= -o=write -w=text -@=read -filename=write -FileName=write -directory=write -Directory=write -tagsfromfile=read -csv?=read -json?=read -delete_original!deletes_many *",
    words: true,
    read: readTags,
  },
};

/** Format strings hold Perl between `${` and `}`. */
function readTags(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  if (call.words.some((word) => /\$\{[^}]*;|^-p$|^-printFormat$/i.test(word.text ?? "${;")))
    call.reader.findings.confused("A format of exiftool may hold code.", call.text, "runs_code");
  readByTable(call, { ...table, takes: "write..." });
}
