import type { HttpProxy, Output } from '../../contract/generated/engine.v1.ts'

/** How an output leaves this network. A proxy speaks TCP only: SRT and files know their own way. */
export const wayOut = (url: string, proxy: HttpProxy | undefined): Pick<Output, 'proxy'> =>
  proxy && /^rtmps?:/i.test(url) ? { proxy } : {}
