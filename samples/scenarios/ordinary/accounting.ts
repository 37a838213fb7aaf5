// p.lindqvist keeps the books: mail, spreadsheets, a ledger program that drives Excel over COM, printing.

import { at } from '../../office/office.ts'
import { end, start } from '../../office/processes.ts'
import { browse, type Desktop, editDocument, openMail } from './desktop.ts'

const LEDGER = 'C:\\Program Files\\LedgerPro\\LedgerPro.exe'
const EXCEL = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE'

export function accounting(desktop: Desktop): void {
  openMail(desktop, at('07:56:40'))
  editDocument(desktop.explorer, at('08:20:13'), 'P:\\Accounts\\2026\\march-invoices.xlsx', 95)
  browse(desktop, at('09:05:50'), 'bank.example', '198.51.100.77')
  exportLedger(desktop)
  editDocument(desktop.explorer, at('13:24:30'), 'P:\\Accounts\\2026\\payroll-notes.docx', 40)
  editDocument(desktop.explorer, at('15:02:08'), 'P:\\Accounts\\2026\\q1-forecast.xlsx', 70)
  browse(desktop, at('16:10:41'), 'tax-office.example', '198.51.100.90')
}

/** The ledger exports to Excel: DcomLaunch starts Excel as a COM server, on this machine, for a local program. */
function exportLedger({ explorer, host, session }: Desktop): void {
  const ledger = start(at('09:31:12'), { image: LEDGER, commandLine: `"${LEDGER}"`, parent: explorer })
  const excel = start(at('09:48:03.212'), {
    image: EXCEL,
    commandLine: `"${EXCEL}" /automation -Embedding`,
    parent: host.services.dcomLaunch,
    session,
  })
  end(at('09:49:30'), excel)
  end(at('12:02:51'), ledger)
}
