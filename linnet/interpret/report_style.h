#pragma once

#include <string_view>

namespace linnet {

/** The style sheet of a report. Colours stand at its top, for light and for dark; each text has a
 * contrast of 4.5 or more to what is behind it. */
inline constexpr std::string_view kReportStyle = R"css(
:root { color-scheme: light dark; --page: #ffffff; --ink: #1b1f24; --soft: #4b5563; --line: #cbd5e1;
  --panel: #f1f5f9; --link: #0b57b0; --note: #fff4d6; --note-ink: #5c3d00;
  --value: #dbeafe; --value-line: #1d4ed8; --step: #f1f5f9; --step-line: #475569;
  --measure: #fef3c7; --measure-line: #92400e; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --ink: #e6e9ee; --soft: #aab4c1;
  --line: #3b4653; --panel: #1f262e; --link: #8ab8ff; --note: #3a2f12; --note-ink: #ffe2a0;
  --value: #17315c; --value-line: #7ea6f4; --step: #242c36; --step-line: #94a3b8;
  --measure: #44330d; --measure-line: #e0b04c; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; background: var(--page);
  color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; white-space: pre-wrap; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; white-space: pre-wrap; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .5rem 1rem; z-index: 1; }
.lead { font-size: 1.15rem; }
nav ul { list-style: none; margin: 1rem 0 0; padding: 0; display: flex; flex-wrap: wrap;
  gap: .4rem .5rem; }
nav a { display: block; padding: .3rem .7rem; background: var(--panel); border-radius: 1rem;
  text-decoration: none; font-size: .9rem; }
nav a:hover { text-decoration: underline; }
.note { background: var(--note); color: var(--note-ink); padding: .6rem .9rem;
  border-radius: .4rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1.25rem;
  margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; white-space: pre-wrap; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .93rem; margin: .5rem 0; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: left;
  white-space: pre-wrap; vertical-align: top; }
th, td { overflow-wrap: break-word; max-width: 22rem; }
th[scope=row] { font-weight: 500; }
thead th { background: var(--panel); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { background: var(--panel); padding: .8rem 1rem; border-radius: .4rem; overflow-x: auto;
  white-space: pre-wrap; font-size: .9rem; }
summary { cursor: pointer; padding: .4rem 0; color: var(--link); }
figure { margin: 0; }
figcaption { color: var(--soft); font-size: .9rem; }
.charts { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
img.chart { display: block; max-width: 100%; height: auto; background: #ffffff;
  border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; }
.cards { list-style: none; margin: .5rem 0; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
.cards img { display: block; width: 100%; height: auto; border-radius: .4rem; }
.cards span { display: block; white-space: pre-wrap; max-height: 7.5em; overflow-y: auto; }
.cards span:first-child { color: var(--ink); font-weight: 600; }
.diagram { margin: 1rem 0; }
.diagram svg { display: block; height: auto; max-width: 100%; }
.diagram text { fill: var(--ink); }
.diagram .graph > polygon { fill: none; stroke: none; }
.diagram .cluster path, .diagram .cluster polygon { fill: none; stroke: var(--line); }
.diagram .edge path, .diagram .edge polygon { stroke: var(--step-line); }
.diagram .edge polygon { fill: var(--step-line); }
.diagram .value path, .diagram .value polygon { fill: var(--value); stroke: var(--value-line); }
.diagram .step path, .diagram .step polygon { fill: var(--step); stroke: var(--step-line); }
.diagram .measure path, .diagram .measure polygon { fill: var(--measure);
  stroke: var(--measure-line); }
footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; } .diagram svg { max-width: none; } th, td { padding: .3rem .5rem; }
  .cards { grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); } }
@media print { nav, .skip { display: none; } section { break-inside: avoid-page; } }
)css";

}  // namespace linnet
