// Forms of one English word that the stemmer leaves apart. It knows words, and neither tools nor the index.
// Written from what the words mean, not from any catalog or set of queries. A form that often means something else is left
// out: "min" may be a minute, a "browser" is no tool that browses.

/** Names in code are short for words. */
const SHORT = `
information info; repository repo; document doc; configuration config cfg; application app; environment
env; directory dir; organization org organisation; specification spec specify; parameter param; argument arg;
attribute attr; message msg; image img; picture pic; language lang; latitude lat; longitude lng lon; number num;
quantity qty; amount amt; execute exec execution; description desc describe; address addr; account acct; password pwd
passwd; timezone tz; reference ref; administrator admin; statistic stat statistical; mathematics math maths
mathematical; package pkg; library lib; function func; maximum max; average avg; difference diff; synchronize sync;
command cmd; text txt; column col; television tv; advertisement advert ad; telephone phone; bicycle bike; photograph
photo; laboratory lab; examination exam; department dept; appointment appt; calculate calc; previous prev; temporary
tmp; authenticate auth; cryptocurrency crypto; javascript js; python py; markdown md;
`;

const BRITISH = `
color colour; favorite favourite; center centre central; license licence; catalog catalogue; organize organise;
program programme; behavior behaviour; neighbor neighbour; neighborhood neighbourhood; theater theatre; liter litre;
meter metre; jewelry jewellery; gray grey; tire tyre; artifact artefact; fulfill fulfil; inquire inquiry enquiry;
fiber fibre; flavor flavour; humor humour; labor labour; dialog dialogue;
`;

/** What is done, and its noun. */
const ACTIONS = `
analysis analyze analyse analytic analytical analyzer; summary summarize summarise summarization summarizer; category
categorize categorise categorization categorical; classify classification classifier; identify identification; verify
verification verifier; notify notification; modify modification; certify certification; qualify qualification;
simplify simplification; clarify clarification; justify justification; quantify quantification; convert conversion
converter; subscribe subscription; transcribe transcription transcript transcriber; compare comparison; pay payment;
explain explanation explainer; pronounce pronunciation; maintain maintenance; synthesize synthesis; retrieve retrieval
retriever; remove removal remover; approve approval; arrive arrival; renew renewal; withdraw withdrawal; refuse
refusal; propose proposal; dismiss dismissal; rent rental; sell sale; grow growth; fly flight; weigh weight; speak
speech; lose loss; choose choice; decide decision; divide division; revise revision; expand expansion; submit
submission; transmit transmission; permit permission; define definition; compose composition; prescribe prescription;
solve solution solver; deliver delivery; discover discovery; recover recovery; ship shipment; invest investment;
attend attendance; assist assistance; treat treatment; replace replacement; publish publication; consume consumption;
`;

/** A tool is named after what it does (`document_reader`), and asked for by what it should do. */
const DOERS = `
read reader; write writer; send sender; find finder; make maker; build builder; run runner; search searcher; check
checker; scrape scraper; track tracker; view viewer; parse parser; schedule scheduler; validate validator; download
downloader; upload uploader; monitor monitoring; crawl crawler; fetch fetcher; load loader; edit editor; plan planner;
recommend recommender; optimize optimise optimizer; format formatter; lint linter; count counter; scan scanner; remind
reminder; encode encoder; decode decoder; resize resizer; crop cropper; merge merger; split splitter; explore
explorer; shorten shortener; tokenize tokenizer; record recorder; rename renamer; rewrite rewriter; compile compiler;
debug debugger; export exporter; import importer; install installer;
`;

const QUALITIES = `
finance financial; history historical historic; nutrition nutritional; medicine medical; music musical; geography
geographic geographical; astronomy astronomical; astrology astrological; chemistry chemical; biology biological;
science scientific; technology technological; psychology psychological; philosophy philosophical; religion religious;
politics political; economy economic economical; industry industrial; agriculture agricultural; culture cultural;
tradition traditional; education educational; environment environmental; nation national; region regional; electricity
electric electrical; popular popularity; available availability; similar similarity; secure security; safe safety;
accurate accuracy; frequent frequency; valid validity; probable probability; cloud cloudy; rain rainy; snow snowy; sun
sunny; wind windy; fog foggy; humid humidity; health healthy;
`;

/** Groups of words, separated by semicolons. */
export const WORD_FORMS: string = [SHORT, BRITISH, ACTIONS, DOERS, QUALITIES].join("");
