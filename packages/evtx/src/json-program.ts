// placeholder until compiled
export interface JsonProgram {
  readonly ops: Int32Array
}
