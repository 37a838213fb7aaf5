// RPC operations that change something on the machine that is called, or take its secrets. Administrators use them too: each is a lead, with a weight.
// Sources: the operations' names and meaning, the Microsoft Open Specifications (MS-SCMR, MS-TSCH, MS-RRP, MS-DRSR, MS-DCOM, MS-WMI, MS-OAUT, MS-RPRN, MS-LSAD,
// MS-SAMR); their abuse, the ATT&CK techniques named.

export interface TellingCall {
  interface: RegExp
  operation: RegExp
  /** what the caller did, behind its name */
  did: string
  weight: number
  techniques: readonly string[]
}

// biome-ignore format: a table
export const TELLING_CALLS: readonly TellingCall[] = [
  { interface: /^svcctl$/i, operation: /^R?CreateService(WOW64)?[AW]$/i, did: 'had a service created', weight: 18, techniques: ['T1543.003', 'T1569.002'] },
  { interface: /^svcctl$/i, operation: /^R?ChangeServiceConfig2?[AW]$/i, did: 'had a service changed', weight: 14, techniques: ['T1543.003'] },
  { interface: /^svcctl$/i, operation: /^R?StartService[AW]$/i, did: 'had a service started', weight: 14, techniques: ['T1569.002'] },
  { interface: /^svcctl$/i, operation: /^R?DeleteService$/i, did: 'had a service deleted', weight: 8, techniques: [] },
  { interface: /^ITaskSchedulerService$/i, operation: /^SchRpcRegisterTask$/i, did: 'had a task registered', weight: 18, techniques: ['T1053.005'] },
  { interface: /^ITaskSchedulerService$/i, operation: /^SchRpcRun$/i, did: 'had a task run', weight: 14, techniques: ['T1053.005'] },
  { interface: /^ITaskSchedulerService$/i, operation: /^SchRpcDelete$/i, did: 'had a task deleted', weight: 8, techniques: [] },
  { interface: /^atsvc$/i, operation: /^(Netr)?JobAdd$/i, did: 'had a command scheduled', weight: 20, techniques: ['T1053.002'] },
  { interface: /^winreg$/i, operation: /^(BaseReg)?SaveKey(Ex)?$/i, did: 'had a registry hive saved to a file', weight: 22, techniques: ['T1003.002'] },
  { interface: /^winreg$/i, operation: /^(BaseReg)?SetValue$/i, did: 'had a registry value set', weight: 12, techniques: ['T1112'] },
  { interface: /^drsuapi$/i, operation: /^(DRS|DsR?)?GetNCChanges$/i, did: 'asked for a replica of the directory', weight: 20, techniques: ['T1003.006'] },
  { interface: /^(IRemoteSCMActivator|ISystemActivator|IActivation|IRemoteActivation)$/i, operation: /^(RemoteCreateInstance|RemoteGetClassObject|RemoteActivation)$/i, did: 'activated a COM class', weight: 10, techniques: ['T1021.003'] },
  { interface: /^IWbemServices$/i, operation: /^ExecMethod(Async)?$/i, did: 'had WMI run a method', weight: 18, techniques: ['T1047'] },
  { interface: /^IWbemServices$/i, operation: /^Put(Instance|Class)(Async)?$/i, did: 'wrote to the WMI repository', weight: 16, techniques: ['T1546.003'] },
  { interface: /^IDispatch$/i, operation: /^Invoke$/i, did: 'called a method of an automation object', weight: 14, techniques: [] },
  { interface: /^(spoolss|IRemoteWinspool)$/i, operation: /^Rpc(Async)?AddPrinterDriver(Ex)?$/i, did: 'had a printer driver installed', weight: 18, techniques: [] },
  { interface: /^lsarpc$/i, operation: /^LsarRetrievePrivateData$/i, did: 'asked for an LSA secret', weight: 18, techniques: ['T1003.004'] },
  { interface: /^samr$/i, operation: /^SamrCreateUser2?InDomain$/i, did: 'had an account created', weight: 10, techniques: ['T1136'] },
]

/** Interfaces of the Component Object Model: their abuse is T1559.001. */
export const isComInterface = (name: string) =>
  /^(IRemoteSCMActivator|ISystemActivator|IActivation|IRemoteActivation|IObjectExporter|IWbem\w+|IDispatch)$/i.test(
    name,
  )

/** Calls that only ask: who is there, what is shared, who is logged on. */
export const ASKING_CALLS =
  /^(NetrSessionEnum|NetSessEnum|NetrWkstaUserEnum|NetrShareEnum(All)?|SamrEnumerate(Users|Groups|Aliases)InDomain|SamrQueryDisplayInformation\d?|LsarLookup(Sids|Names)\d?|R?EnumServicesStatus(Ex)?[AW])$/i

/** So many attempts on a domain controller's secure channel within the window of one story are no ordinary logon (CVE-2020-1472). */
export const SECURE_CHANNEL_ATTEMPTS = 20
export const SECURE_CHANNEL = /^NetrServerAuthenticate[23]?$/i
