import { asks, keyed } from "./shapes.js";
import type { Programs } from "./usage.js";

/** News, dictionaries, rates, registries of names and networks, libraries. */
const services = [
  "hxn archwiki-cli wikipedia-cli tldr++ stackoverflow-cli hacker-news-cli haxor-news hn-cli clx instantnews googletrans wordreference urbandict wthr girouette rust-weather kweather metar coinmon cryptocurrency-cli stonks tstock rate.sx qrenco.de ipgeo geoip geoip2 geoiplookup6 asn-cli bgpq3 bgpq4 irrtoolset peeringdb jwhois nicinfo domainr dnsget dnspython ldns-dane hostx zdns cdncheck uncover chaos-client urlfinder cert-checker certspotter ctlog tls-scan cipherscan mozilla-observatory observatory-cli httpobs-cli webhint yellowlabtools sitespeed.io pagespeed unlighthouse speedtest-rs fast-cli cfspeedtest librespeed-cli networkquality mtr-packet trippy paris-traceroute dublin-traceroute tracebox ntrace besttrace pathping fping6 noping httping2 pingu bundlephobia packagephobia npm-stat pypistats johnnydep pipgrip cargo-info mvnsearch repology repology-cli whohas pkgs.org libraries-io isitup downforeveryone rdate arxiv semanticscholar doi2bib bibsearch isbn isbn_meta isbntools openlibrary librivox tvmaze imdb imdb-cli moviemon lyrics clyrics lyrics-in-terminal songlyrics swaglyrics setlist-cli rss2json feed-validator rsstool sfeed sfeed_update",
];

/** Questions to public services. */
export const answers: Programs = keyed(services, asks);
