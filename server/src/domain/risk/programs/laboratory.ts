import { converts, keyed } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Sequences, solvers and proofs, certificates, prose, licences, letters, source texts: one list an area. */
const instruments = [
  "cufflinks macs2 macs3 bamCoverage snpEff SnpSift bbmap.sh bbduk.sh hmmpress phmmer prodigal busco checkm blat infoseq primer3_core RNAfold RNAalifold antechamber tleap polymake",
  "normaliz clingo gringo clasp yices-smt2 mathsat lingeling cryptominisat5 drat-trim eprover iprover coq_makefile tla2sany apalache-mc pml nuXmv esbmc klee boogie verifast stainless",
  "asn1parse dumpasn1 opensc-tool pcsc_scan certinfo der2ascii ascii2der derdump ssh2john jwtinfo hexview",
  "catdvi dvitype tftotpl gftype pktype vftovp dvicopy tex-fmt chkweb opendetex delatex texlint joblint harper-cli misspell-fixer spellchecker mdspell spellcheck pyspelling scspell",
  "pygount gocloc linguist github-linguist github-markup licensee askalono reuse addlicense license-detector cargo-license",
  "ical2org vobject mboxgrep grepmail mail-parser emlAnalyzer msgconvert msg-extractor readpst lspst pst2ldif reformime",
  "cflow cxref cscope-indexer htags universal-ctags readtags ptags pycallgraph code2flow snakefood findimports modulegraph pyan callgraph egypt doxygraph cinclude2dot include-graph",
];

/** Analysis: what is named is read, and results are written beside it, so all of it is judged as written. */
export const laboratory: Programs = keyed(instruments, converts);
