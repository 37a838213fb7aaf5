// The HTML report as an export of one case.
import type { Export } from '../report.ts'
import { renderHtml } from './page.ts'

export const htmlExport: Export = {
  format: 'html',
  title: 'the HTML report of one case, self-contained',
  shape: 'file',
  extension: '.html',
  *files({ case: story, findings }) {
    yield { path: 'case.html', content: renderHtml([story], findings) }
  },
}
