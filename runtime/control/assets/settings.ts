import type { Settings } from '../../contract/generated/openapi.v1.ts'
import type { Rules } from './fetch/way.ts'

export interface AssetSettings extends Pick<Rules, 'privateHosts' | 'proxy'> {
  quotaBytes: number
  timezone: string
  territory?: string | undefined
}

/** What of the appliance's settings is about files of overlays. */
export const assetSettings = ({ current, proxy }: { current: Settings; proxy: Rules['proxy'] }): AssetSettings => ({
  quotaBytes: current.assets.quotaGb * 1e9,
  privateHosts: current.privateAssetHosts,
  timezone: current.timezone,
  territory: current.territory,
  proxy,
})
