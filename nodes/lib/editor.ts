import { applies, type Field, type NodeSpec, refusal, type SettingsOf } from './spec.ts'

/** Settings as the editor holds them, with the name that every node may have. */
export type Edited<S extends NodeSpec> = SettingsOf<S> & { id: string; name: string; _(key: string): string }

/** A text of the node's own locale.json. */
export type Translate = (key: string) => string

interface Choice {
  id: string
  name: string
}

const lists = new Map<string, Choice[]>()

/** The name that people gave to something of the appliance; its id while the list has not come, or when it is gone. */
export function nameOf(list: 'cameras' | 'destinations' | 'timelines', id: string): string {
  return lists.get(list)?.find(item => item.id === id)?.name ?? id
}

/** Registers the node's editor side: everything but label and icon follows from the spec. */
export function registerNode<S extends NodeSpec>(
  spec: S,
  options: {
    label: (settings: Edited<S>, t: Translate) => string
    onEditPrepare?: (node: Edited<S>, t: Translate) => void
    onEditResize?: (size: { width: number; height: number }) => void
  },
): void {
  const fields = Object.entries(spec.fields)
  for (const [, field] of fields) if (field.type === 'string' && field.pick) void load(field.pick)
  RED.nodes.registerType(spec.type, {
    category: spec.category,
    color: spec.color,
    inputs: spec.inputs,
    outputs: typeof spec.outputs === 'number' ? spec.outputs : spec.outputs.length,
    outputLabels(this: Edited<S>, index: number) {
      const name = typeof spec.outputs === 'number' ? undefined : spec.outputs[index]
      return name === undefined ? undefined : translator(spec, this)(`output.${name}`)
    },
    icon: `${spec.type}.svg`,
    paletteLabel(this: Edited<S>) {
      return translator(spec, this)('palette')
    },
    defaults: {
      name: { value: '' },
      version: { value: spec.version },
      ...Object.fromEntries(fields.map(([name, field]) => [name, defaultOf(spec, field)])),
    },
    label(this: Edited<S>) {
      return this.name || options.label(this, translator(spec, this))
    },
    labelStyle(this: Edited<S>) {
      return this.name ? 'node_label_italic' : ''
    },
    oneditprepare(this: Edited<S>) {
      open = this.id
      prepare(spec, this)
      options.onEditPrepare?.(this, translator(spec, this))
    },
    oneditsave: closed,
    oneditcancel: closed,
    oneditresize: options.onEditResize,
  })
}

const translator =
  (spec: NodeSpec, node: { _(key: string): string }): Translate =>
  key =>
    node._(`${spec.type}.${key}`)

function defaultOf(spec: NodeSpec, field: Field) {
  // Node-RED takes the reason from a validator of two parameters only; of one, a reason would count as "valid".
  const validate = function (this: Record<string, unknown>, value: unknown, _options: unknown) {
    return applies(field, valuesOf(spec, this)) ? (refusal(field, value) ?? true) : true
  }
  if (field.type === 'node') return { value: '', type: field.node, required: field.required !== false }
  return { value: field.default, validate }
}

const closed = (): void => {
  open = undefined
}

/** The node whose form is open: while it is, the form counts and not what is stored. */
let open: unknown

/** A field's rule may depend on another's value: the form's while it is open, else the stored one. */
function valuesOf(spec: NodeSpec, node: Record<string, unknown>): Record<string, unknown> {
  const entered = (name: string) => document.querySelector<HTMLSelectElement>(`#node-input-${name}`)?.value
  const names = Object.keys(spec.fields)
  return Object.fromEntries(names.map(name => [name, (node.id === open ? entered(name) : undefined) ?? node[name]]))
}

function prepare<S extends NodeSpec>(spec: S, node: Edited<S>): void {
  const values = node as Record<string, unknown>
  for (const [name, field] of Object.entries(spec.fields)) {
    if (field.type === 'string' && field.pick) {
      const whichever = field.one ? undefined : translator(spec, node)(`pick.${name}`)
      void fillPick(name, field.pick, String(values[name] ?? ''), whichever)
    }
  }
  const deciders = new Set(Object.values(spec.fields).flatMap(field => (field.when ? [field.when.field] : [])))
  const refresh = () => {
    for (const [name, field] of Object.entries(spec.fields)) {
      if (!field.when) continue
      const input = document.querySelector<HTMLElement>(`#node-input-${name}`)
      const decider = document.querySelector<HTMLSelectElement>(`#node-input-${field.when.field}`)
      const row = input?.closest<HTMLElement>('.form-row')
      if (row) row.style.display = decider?.value === field.when.is ? '' : 'none'
      // What is shown or hidden now is checked or not: Node-RED checks at a change.
      input?.dispatchEvent(new Event('change'))
    }
  }
  for (const name of deciders) document.querySelector(`#node-input-${name}`)?.addEventListener('change', refresh)
  refresh()
}

/** A list of what the appliance knows, which keeps a stored value even when nothing by that name is there (any more). */
async function fillPick(name: string, list: string, chosen: string, whichever: string | undefined): Promise<void> {
  const select = document.querySelector<HTMLSelectElement>(`#node-input-${name}`)
  if (!select) return
  const render = (items: Choice[]) => {
    const value = select.value || chosen
    const any = whichever === undefined ? { id: '', name: '' } : { id: '*', name: whichever }
    const shown = [any, ...items.filter(item => item.id !== '*')]
    if (value && !shown.some(item => item.id === value)) shown.push({ id: value, name: value })
    select.replaceChildren(...shown.map(item => new Option(item.name, item.id, false, item.id === value)))
  }
  render(lists.get(list) ?? [])
  render(await load(list))
}

async function load(list: string): Promise<Choice[]> {
  try {
    const answer = await fetch(`/api/v1/${list}`, { headers: { accept: 'application/json' } })
    const items: unknown = answer.ok ? await answer.json() : []
    const choices = Array.isArray(items) ? items.filter(isChoice) : []
    lists.set(
      list,
      choices.map(({ id, name }) => ({ id, name: name || id })),
    )
  } catch {
    // Without the appliance's list the node still works by what is stored in it.
  }
  return lists.get(list) ?? []
}

function isChoice(item: unknown): item is Choice {
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'
}
