// COM classes through which somebody else's process can be made to run code, and the programs that serve them.
// Sources: E. Nelson, "Lateral Movement using the MMC20.Application COM Object" and "via DCOM: Round 2" (2017); "Lateral Movement using
// Excel.Application and DCOM" (2017); P. Tsukerman, "Invoke-DCOM" and "New lateral movement techniques abuse DCOM technology" (Cybereason, 2018);
// D. Chell, "LethalHTA" (Codewhite/MDSec, 2018); class ids as Windows registers them under HKCR\CLSID.

export interface ComClass {
  /** upper case, with braces */
  clsid: string
  progId?: string
  /** image of the process that serves it, lower case */
  server: string
}

// biome-ignore format: a table
export const COM_CLASSES: readonly ComClass[] = [
  { clsid: '{49B2791A-B1AE-4C90-9B8E-E860BA07F889}', progId: 'MMC20.Application', server: 'mmc.exe' },
  { clsid: '{9BA05972-F6A8-11CF-A442-00A0C90A8F39}', progId: 'ShellWindows', server: 'explorer.exe' },
  { clsid: '{C08AFD90-F2A1-11D1-8455-00A0C91F3880}', progId: 'ShellBrowserWindow', server: 'explorer.exe' },
  { clsid: '{00024500-0000-0000-C000-000000000046}', progId: 'Excel.Application', server: 'excel.exe' },
  { clsid: '{00020812-0000-0000-C000-000000000046}', progId: 'Excel.Application', server: 'excel.exe' },
  { clsid: '{000209FF-0000-0000-C000-000000000046}', progId: 'Word.Application', server: 'winword.exe' },
  { clsid: '{91493441-5A91-11CF-8700-00AA0060263B}', progId: 'PowerPoint.Application', server: 'powerpnt.exe' },
  { clsid: '{0006F03A-0000-0000-C000-000000000046}', progId: 'Outlook.Application', server: 'outlook.exe' },
  { clsid: '{73A4C9C1-D68D-11D0-98BF-00A0C90DC8D9}', progId: 'Access.Application', server: 'msaccess.exe' },
  { clsid: '{00021A20-0000-0000-C000-000000000046}', progId: 'Visio.Application', server: 'visio.exe' },
  { clsid: '{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}', progId: 'htafile', server: 'mshta.exe' },
  { clsid: '{0002DF01-0000-0000-C000-000000000046}', progId: 'InternetExplorer.Application', server: 'iexplore.exe' },
  { clsid: '{72C24DD5-D70A-438B-8A42-98424B88AFB8}', progId: 'WScript.Shell', server: '' },
  { clsid: '{F935DC22-1CF0-11D0-ADB9-00C04FD58A0B}', progId: 'WScript.Shell', server: '' },
  { clsid: '{13709620-C279-11CE-A49E-444553540000}', progId: 'Shell.Application', server: '' },
  { clsid: '{0F87369F-A4E5-4CFC-BD3E-73E6154572DD}', progId: 'Schedule.Service', server: '' },
  { clsid: '{0D43FE01-F093-11CF-8940-00A0C9054228}', progId: 'Scripting.FileSystemObject', server: '' },
  { clsid: '{76A64158-CB41-11D1-8B02-00600806D9B6}', progId: 'WbemScripting.SWbemLocator', server: '' },
  { clsid: '{4590F811-1D3A-11D0-891F-00AA004B2E24}', progId: 'WbemLocator', server: '' },
  { clsid: '{8BC3F05E-D86B-11D0-A075-00C04FB68820}', progId: 'Winmgmt', server: 'svchost.exe' },
  { clsid: '{06290BD3-48AA-11D2-8432-006008C3FBFC}', progId: 'script', server: '' },
  { clsid: '{3E5FC7F9-9A51-4367-9063-A120244FBEC7}', progId: 'CMSTPLUA', server: 'dllhost.exe' },
  { clsid: '{3E000D72-A845-4CD9-BD83-80C07C3B881F}', progId: 'CMLUAUTIL', server: 'dllhost.exe' },
  { clsid: '{D2E7041B-2927-42FB-8E9F-7CE93B6DC937}', progId: 'ColorDataProxy', server: 'dllhost.exe' },
  { clsid: '{E9495B87-D950-4AB5-87A5-FF6D70BF3E90}', progId: 'FwCplLua', server: 'dllhost.exe' },
]

/** Processes that serve those classes, or WMI, to other machines through a port of their own. */
export const COM_SERVER_IMAGES: ReadonlySet<string> = new Set([
  ...COM_CLASSES.map((one) => one.server).filter((server) => server !== '' && server !== 'svchost.exe'),
  'wmiprvse.exe',
  'rundll32.exe',
  'wscript.exe',
  'cscript.exe',
])

const byId = new Map(COM_CLASSES.map((one) => [one.clsid, one]))

/** The name that a class id is known by. */
export const className = (clsid: string) => byId.get(clsid.toUpperCase())?.progId

/** Whether the class is known, and served by a process of its own rather than by a DLL in the client. */
export const servedByProcess = (clsid: string) => !!byId.get(clsid.toUpperCase())?.server

/** Known as a class by which a caller on another machine has commands run, by its id or its name (`MMC20.Application.1`): one that a program serves, WMI and elevation aside. */
export function runsCommands(name: string): boolean {
  const id = name.toUpperCase()
  const plain = name.toLowerCase().replace(/\.\d+$/, '')
  const known = byId.get(id) ?? COM_CLASSES.find((one) => one.progId?.toLowerCase() === plain)
  return !!known?.server && known.server !== 'svchost.exe' && known.server !== 'dllhost.exe'
}
