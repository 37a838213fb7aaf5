// The report as one file: opens from disk with no network, can be read without its script, and runs no script but its own.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Case, Finding } from '../../cases/case.ts'
import type { RunSummary } from '../../run/account.ts'
import { worstFirst } from '../report.ts'
import { accountSection } from './account.ts'
import { caseSection } from './case-section.ts'
import { type CaseView, caseView, limitsFor } from './case-view.ts'
import { dataElement, html, type Markup, rawElement } from './markup.ts'
import { afterword, overview } from './overview.ts'
import { STYLE } from './style.ts'

const SCRIPT = readFileSync(new URL('report.js', import.meta.url), 'utf8')

/** Only what is named by its hash may style or run; nothing may be loaded, sent or framed (CSP level 3). */
const POLICY = [
  "default-src 'none'",
  `style-src '${sourceHash(STYLE)}'`,
  `script-src '${sourceHash(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Cases that are told in full on one page; the others stand in the table of cases only. */
const MOST_CASES = 300
/** What a page carries along of the cases' data: characters in all, and entries of a case. Beyond that it is to be had from the case's folder. */
const MOST_DATA = { page: 8 << 20, entries: 3000 }
/** Up to so many cases, all are open when the page is. */
const FEW = 4

/** The report in pieces, the worst case first; without a summary it is of the cases alone. The same input gives the same bytes. */
export function* renderHtml(
  cases: readonly Case[],
  findings: readonly Finding[],
  summary?: RunSummary,
): Generator<string> {
  const sorted = worstFirst(cases)
  const told = sorted.slice(0, MOST_CASES)
  const limits = limitsFor(told.length)
  yield `<!doctype html>\n${head(sorted, summary).markup}`
  yield html`${sidebar(told, summary !== undefined)}
<main>
${overview(sorted, summary)}
`.markup
  let room = MOST_DATA.page
  for (const [at, story] of told.entries()) {
    const view = caseView(story, at + 1, limits)
    const data = carriedData(view, room)
    yield caseSection(view, { open: told.length <= FEW || at === 0, carried: data !== undefined }).markup
    if (!data) continue
    room -= data.markup.length
    yield `${data.markup}\n`
  }
  yield html`${afterword(sorted, findings, summary)}
${summary && accountSection(summary)}
</main>
${summary && dataElement('summary-data', summary)}
${rawElement('script', SCRIPT)}
</body>
</html>
`.markup
}

/** case.json inside the page, when there is room for it. */
function carriedData({ story, anchor }: CaseView, room: number): Markup | undefined {
  const entries = story.timeline.length + story.evidence.length + story.processes.length + story.channels.length
  if (room <= 0 || entries > MOST_DATA.entries) return undefined
  const data = dataElement(`${anchor}-data`, story)
  return data.markup.length <= room ? data : undefined
}

function head(cases: readonly Case[], summary: RunSummary | undefined): Markup {
  const title = cases.length
    ? `${cases.length === 1 ? cases[0].title : `${cases.length} cases`} · Crosstalk`
    : 'No case · Crosstalk'
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${summary ? `${summary.tool.name} ${summary.tool.version}` : 'crosstalk'}">
<title>${title}</title>
${rawElement('style', STYLE)}
</head>
<body>
<a class="skip" href="#overview">Skip to the report</a>
`
}

function sidebar(cases: readonly Case[], withAccount: boolean): Markup {
  return html`<nav class="sidebar" aria-label="Report">
<p class="wordmark"><a href="#overview">Crosstalk</a></p>
${cases.length > 8 ? html`<input class="filter" type="search" placeholder="Filter cases" aria-label="Filter cases" hidden>` : undefined}
<ol>${cases.map(
    (
      story,
      at,
    ) => html`<li class="level-${story.level}"><a href="#c${at + 1}"><span class="where">${story.level} · ${story.confidence}</span>${story.title}</a></li>
`,
  )}</ol>
<p class="links">${withAccount ? html`<a href="#account">Account of the run</a>` : undefined} <button class="theme" type="button" hidden>Dark or light</button></p>
</nav>`
}

function sourceHash(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}
