import { converts, keyed, reads } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Sequences, alignments, variants. */
const biology = [
  "blastn blastp blastx tblastn tblastx makeblastdb blastdbcmd bwa bwa-mem2 bowtie bowtie2 bowtie2-build hisat2 hisat2-build STAR minimap2 samtools bcftools bedtools tabix bgzip vcftools seqkit seqtk fastqc multiqc fastp cutadapt trimmomatic trim_galore salmon kallisto featureCounts htseq-count stringtie gffread gffcompare mafft muscle clustalo clustalw t_coffee hmmsearch hmmscan hmmbuild jackhmmer iqtree iqtree2 raxml raxml-ng FastTree fasttree phyml mrbayes mash mashtree sourmash kraken2 bracken centrifuge metaphlan humann megahit spades.py quast.py prokka bakta roary snippy abricate mlst picard gatk freebayes vg deepvariant plink plink2 king gcta64 bedGraphToBigWig wigToBigWig bigWigToWig faToTwoBit twoBitToFa liftOver needle water transeq getorf seqret diamond mmseqs foldseek cd-hit vsearch usearch swarm canu flye nanoplot NanoPlot porechop filtlong medaka racon pilon merqury jellyfish kmc bandage",
];
/** Maps and positions. */
const geography = [
  "osmium osmosis osmconvert osmfilter tippecanoe tile-join ogrmerge.py gdaladdo gdalbuildvrt gdaldem gdal_merge.py gdal_polygonize.py gdal_rasterize gdal_contour gdal_grid gdal2tiles.py gdalcompare.py gdaltindex nearblack projinfo gie geod rio fio shp2json topojson geo2topo toposimplify mapshaper geojsonio pmtiles mbutil las2las laszip lasinfo",
];
/** Numbers, chemistry, electronics, simulation: files in, files out. */
const numbers = [
  "gromacs gmx lmp nwchem mopac obabel obminimize xtb crest dftb+ siesta abinit vasp_std rdkit openbabel cp2k psi4 orca packmol",
  "openfoam blockMesh netgen elmersolver calculix ccx icetime nextpnr-ecp5 nextpnr-gowin ghdl gnucap verilog-format verible-verilog-lint verible-verilog-format sv2v netlistsvg openroad",
  "frama-c z3 cvc5 cvc4 yices boolector minisat glucose kissat cadical alt-ergo why3 coqchk agda tlc tla2tools nusmv spin cbmc alloy dafny viper",
  "glpsol cbc scip highs lp_solve clp symphony minizinc fzn-gecode",
];
/** Sky, weather, signals. */
const signals = [
  "fitsinfo fitsheader fitsdiff fitscheck sextractor swarp solve-field cdo ncdump nccopy ncks ncview h5dump h5ls h5stat h5diff grib_ls grib_dump wgrib wgrib2 inspectrum multimon-ng rtl_433 csdr direwolf",
];

/** Programs of the sciences. */
export const science: Programs = {
  ...keyed([...biology, ...geography, ...numbers], converts),
  ...keyed(signals, reads),
};
