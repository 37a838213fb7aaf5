// A registry value as Sysmon writes it, from what the audit log and collectors write.

/** `\REGISTRY\MACHINE` is HKLM, `\REGISTRY\USER` is HKU (Windows Driver Kit, "Registry Key Object Routines"). */
export function joinTarget(key: string | undefined, value: string | undefined): string | undefined {
  if (key === undefined) return undefined
  const short = key.replace(/^\\REGISTRY\\MACHINE(?=\\|$)/i, 'HKLM').replace(/^\\REGISTRY\\USER(?=\\|$)/i, 'HKU')
  return value === undefined ? short : `${short}\\${value}`
}
