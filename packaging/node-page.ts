import type { Field, NodeSpec } from '../nodes/lib/spec.ts'

/** The edit form of a node, from its spec: one row a field, texts from its locale. */
export function formOf(spec: NodeSpec, locale: Record<string, unknown>): string {
  const name = row(
    'name',
    'tag',
    `${spec.type}.shared.name`,
    `<input type="text" id="node-input-name" data-i18n="[placeholder]${spec.type}.shared.namePlaceholder" ${WIDE}>`,
  )
  const rows = Object.entries(spec.fields).map(([key, field]) =>
    field.hidden
      ? `<input type="hidden" id="node-input-${key}">`
      : row(key, ICONS[field.type], `${spec.type}.label.${key}`, input(spec, locale, key, field)),
  )
  const tip = locale.tip ? [`<div class="form-tips" data-i18n="${spec.type}.tip"></div>`] : []
  return `${[name, ...rows, ...tip].join('\n')}\n`
}

const ICONS: Record<Field['type'], string> = {
  string: 'pencil',
  number: 'sliders',
  boolean: 'toggle-on',
  choice: 'list-ul',
  node: 'cube',
}

function row(key: string, icon: string, label: string, control: string): string {
  return `<div class="form-row">
  <label for="node-input-${key}" style="width: 145px"><i class="fa fa-${icon}" style="width: 16px"></i> <span data-i18n="${label}"></span></label>
  ${control}
</div>`
}

const WIDE = 'style="width: calc(100% - 155px)"'

function input(spec: NodeSpec, locale: Record<string, unknown>, key: string, field: Field): string {
  const id = `id="node-input-${key}"`
  switch (field.type) {
    case 'choice': {
      const words = (locale.choice as Record<string, Record<string, string>> | undefined)?.[key] ?? {}
      // What has no words of its own is a technical term, the same in every language.
      const options = field.choices.map(choice =>
        choice in words
          ? `<option value="${choice}" data-i18n="${spec.type}.choice.${key}.${choice}"></option>`
          : `<option value="${choice}">${choice}</option>`,
      )
      return `<select ${id} ${WIDE}>${options.join('')}</select>`
    }
    case 'boolean':
      return `<input type="checkbox" ${id} style="width: auto; margin: 0 0 4px">`
    case 'number': {
      const step = field.even ? 2 : field.integer ? 1 : 'any'
      const min = field.optional ? Math.min(0, field.min) : field.min
      const unit = field.unit ? ` <span style="opacity: .7">${field.unit}</span>` : ''
      return `<input type="number" ${id} min="${min}" max="${field.max}" step="${step}" style="width: 120px">${unit}`
    }
    case 'string': {
      if (field.pick) return `<select ${id} ${WIDE}></select>`
      // What an empty field means, where one may be left empty.
      const hint =
        key in ((locale.placeholder ?? {}) as object) ? ` data-i18n="[placeholder]${spec.type}.placeholder.${key}"` : ''
      return `<input type="text" ${id}${hint} ${WIDE}>`
    }
    case 'node':
      return `<input type="text" ${id}>`
  }
}

/** The help page: the node's own text, then a table of its settings from the spec. */
export function helpOf(spec: NodeSpec, locale: Record<string, unknown>, text: string): string {
  const shown = Object.entries(spec.fields).filter(([, field]) => !field.hidden)
  if (shown.length === 0) return text
  const labels = (locale.label ?? {}) as Record<string, string>
  const rows = shown.map(([key, field]) => `| ${labels[key] ?? key} | ${field.description} | ${standard(field)} |`)
  return `${text.trimEnd()}\n\n### Settings\n| Setting | Meaning | At first |\n|---|---|---|\n${rows.join('\n')}\n`
}

function standard(field: Field): string {
  if (field.type === 'number')
    return `${field.default} (${field.min} to ${field.max}${field.unit ? ` ${field.unit}` : ''})`
  if (field.type === 'boolean') return field.default ? 'on' : 'off'
  if (field.type === 'node') return ''
  return field.default === '' ? 'empty' : `\`${field.default}\``
}
