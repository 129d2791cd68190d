import { newId } from '../../../runtime/lib/ids.ts'

/** A command as a Studio of version 1.0 sends it. `type` is without `vistter.command.`. */
export const message = (type: string, data: object, envelope: object = {}) => ({
  specversion: '1.0',
  id: newId(),
  source: 'https://studio.example/tenants/t1',
  type: `vistter.command.${type}`,
  time: new Date().toISOString(),
  schemaversion: '1.0',
  data,
  ...envelope,
})
