// What a drawn channel graph is made of: boxes and lines at their places.

export interface Box {
  x: number
  y: number
  width: number
  height: number
}
export interface PlacedHost extends Box {
  name: string
  note: string
  role: string
}
export interface PlacedProcess extends Box {
  key: string
  label: string
  /** an end of a channel or of a connection */
  actor: boolean
}
export interface PlacedChannel extends Box {
  /** index into the case's channels */
  index: number
  kind: string
  name: string
}
export interface PlacedAddress extends Box {
  side: 'in' | 'out'
  address: string
  note: string
}
export interface Edge {
  kind: 'lineage' | 'serves' | 'uses' | 'connects'
  /** SVG path data */
  path: string
  title: string
}
export interface ChannelLayout {
  width: number
  height: number
  hosts: PlacedHost[]
  processes: PlacedProcess[]
  channels: PlacedChannel[]
  addresses: PlacedAddress[]
  edges: Edge[]
  /** what was left out, in words */
  notes: string[]
}
