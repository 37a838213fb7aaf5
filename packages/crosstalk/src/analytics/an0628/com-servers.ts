// Programs that serve COM classes, and how such a server is told from its start.
import { imageName, type ProcessNode } from '../../graph/graph.ts'

/**
 * Programs that serve COM classes by which a remote caller has commands run (MS-DCOM activation; classes documented by Nelson 2017, Tsukerman 2018,
 * Hansen 2018 "LethalHTA"), and how unusual it is that they take a network connection at all: weight of that alone.
 */
export const COM_SERVERS: Readonly<Record<string, { classes: string; weight: number }>> = {
  'explorer.exe': { classes: 'ShellWindows or ShellBrowserWindow', weight: 26 },
  'mmc.exe': { classes: 'MMC20.Application', weight: 20 },
  'mshta.exe': { classes: 'htafile', weight: 28 },
  'excel.exe': { classes: 'Excel.Application', weight: 22 },
  'winword.exe': { classes: 'Word.Application', weight: 22 },
  'powerpnt.exe': { classes: 'PowerPoint.Application', weight: 22 },
  'outlook.exe': { classes: 'Outlook.Application', weight: 22 },
  'visio.exe': { classes: 'Visio.Application', weight: 22 },
  'iexplore.exe': { classes: 'InternetExplorer.Application', weight: 18 },
  'dllhost.exe': { classes: 'a class with a DLL surrogate', weight: 12 },
  'rundll32.exe': { classes: 'a class registered for rundll32', weight: 18 },
  'wscript.exe': { classes: 'a scriptlet class', weight: 22 },
  'scrcons.exe': { classes: 'ActiveScriptEventConsumer', weight: 24 },
  'cscript.exe': { classes: 'a scriptlet class', weight: 22 },
}

/** Started by DcomLaunch as COM servers on every machine, all day: lineage alone says nothing. */
export const ROUTINE_SERVERS = new Set([
  'runtimebroker.exe',
  'wmiprvse.exe',
  'dllhost.exe',
  'explorer.exe',
  'backgroundtaskhost.exe',
  'smartscreen.exe',
  'searchapp.exe',
  'startmenuexperiencehost.exe',
  'shellexperiencehost.exe',
  'applicationframehost.exe',
  'systemsettings.exe',
  'slui.exe',
  'sppextcomobj.exe',
  'tiworker.exe',
  'mobsync.exe',
  'rundll32.exe',
  'wudfhost.exe',
  'unsecapp.exe',
  'microsoftedge.exe',
  'microsoftedgecp.exe',
  'lockapp.exe',
  'textinputhost.exe',
  'prevhost.exe',
  'openwith.exe',
  'thumbnailextractionhost.exe',
  'gamebarpresencewriter.exe',
  'searchui.exe',
  'searchhost.exe',
  'taskmgr.exe',
  'securityhealthhost.exe',
  'ielowutil.exe',
  'iexplore.exe',
  'filecoauth.exe',
  'mousocoreworker.exe',
  'usocoreworker.exe',
  'wwahost.exe',
]) // prettier-ignore

export const isDcomLaunch = (process: ProcessNode | undefined) =>
  !!process && imageName(process.image) === 'svchost.exe' && /-k\s+dcomlaunch/i.test(process.commandLine ?? '')
export const isActivated = (process: ProcessNode) => /\s[-/](embedding|automation)\b/i.test(process.commandLine ?? '')
