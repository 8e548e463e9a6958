// The looks of the measure page: one text, for light and dark, from 320 pixels up.

export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#23272e;--soft:#5d646e;--line:#dcdad2;--direct:#c2562d;--deferred:#b08a1c;--toolgrove:#2f7d5b}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--card:#1d2126;--ink:#e8e6e0;--soft:#a5abb3;--line:#363c44;--direct:#f0875c;--deferred:#e0bd55;--toolgrove:#5cc497}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:940px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:clamp(1.6rem,5vw,2.5rem);line-height:1.15;margin:.2em 0 .4em;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.25rem;margin:0 0 .2em}
p{margin:.3em 0 .8em;max-width:72ch}
.mark{color:var(--soft);font-size:.85rem;letter-spacing:.04em;text-transform:uppercase}
.lead{font-size:1.1rem}
section{margin-top:44px}
section>p{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:14px;margin-top:24px}
.card{background:var(--card);border:1px solid var(--line);border-top:4px solid;border-radius:8px;padding:14px 18px}
.card.direct{border-top-color:var(--direct)}.card.deferred{border-top-color:var(--deferred)}.card.toolgrove{border-top-color:var(--toolgrove)}
.card h2{font-size:1rem}.card p{margin:0;color:var(--soft);font-size:.9rem}.card .big{font-size:2rem;line-height:1.25;color:var(--ink);font-variant-numeric:tabular-nums}
.legend{list-style:none;padding:0;margin:.4em 0 .8em;font-size:.88rem;color:var(--soft)}
.legend b{color:var(--ink)}
.legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.5em}
i.direct{background:var(--direct)}i.deferred{background:var(--deferred)}i.toolgrove{background:var(--toolgrove)}
figure{margin:0 0 18px;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 10px}
figcaption{font-size:.8rem;color:var(--soft);padding:0 8px}
.chart svg{display:block;width:100%;height:auto}
.narrow{display:none}
@media (max-width:640px){.wide{display:none}.narrow{display:block}main{padding:20px 14px 40px}figure{padding:10px 4px}}
.table{overflow-x:auto}
.table:focus-visible{outline:2px solid var(--toolgrove)}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
th:first-child{text-align:left;font-weight:500}
thead th{color:var(--soft);font-weight:600;font-size:.82rem}
small{color:var(--soft);white-space:nowrap}
li{margin:.25em 0}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.92em}
@media (max-width:640px){th,td{padding:6px 6px}td small{display:block}}
`;
