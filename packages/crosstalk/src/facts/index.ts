// All facts that are no channel. A new one is a file, and a line here.
import { addressTold } from './address-told.ts'
import { auditLogon } from './audit-logon.ts'
import { connection } from './connection.ts'
import { directoryAccess } from './directory-access.ts'
import { endpointSecurityLogon } from './endpoint-security-logon.ts'
import type { FactExtractor } from './extractor.ts'
import { fileCreated } from './file-created.ts'
import { imageLoaded } from './image-loaded.ts'
import { logCleared } from './log-cleared.ts'
import { loginRecords } from './login-records.ts'
import { logon } from './logon.ts'
import { processAccessed } from './process-accessed.ts'
import { processEnded } from './process-ended.ts'
import { processStarted } from './process-started.ts'
import { registrySet } from './registry-set.ts'
import { remoteThread } from './remote-thread.ts'
import { scriptBlock } from './script-block.ts'
import { serviceChanged, serviceInstalled, serviceState } from './service.ts'
import { shareFile } from './share-file.ts'
import { sshConnection } from './ssh-connection.ts'
import { syslogLogon } from './syslog-logon.ts'
import { taskRegistered } from './task.ts'
import { wmiActivity } from './wmi-activity.ts'

export const factExtractors: readonly FactExtractor[] = [
  processStarted,
  processEnded,
  logon,
  auditLogon,
  syslogLogon,
  endpointSecurityLogon,
  loginRecords,
  connection,
  sshConnection,
  addressTold,
  serviceInstalled,
  serviceState,
  serviceChanged,
  taskRegistered,
  registrySet,
  fileCreated,
  shareFile,
  scriptBlock,
  wmiActivity,
  imageLoaded,
  processAccessed,
  remoteThread,
  directoryAccess,
  logCleared,
]
