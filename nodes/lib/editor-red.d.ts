/** The part of the editor's global `RED` that our nodes use (nodered.org/docs/creating-nodes/node-html). */
interface EditorNodeDefault {
  value: unknown
  type?: string
  required?: boolean
  validate?: (this: Record<string, unknown>, value: unknown, options: unknown) => true | string
}

declare const RED: {
  nodes: {
    registerType(
      type: string,
      definition: {
        category: string
        color: string
        inputs: number
        outputs: number
        outputLabels: (this: never, index: number) => string | undefined
        icon: string
        paletteLabel: (this: never) => string
        defaults: Record<string, EditorNodeDefault>
        // Node-RED calls these with the node as `this`; each node's own type is known where it registers.
        label: (this: never) => string
        labelStyle: (this: never) => string
        oneditprepare: (this: never) => void
        oneditsave: () => void
        oneditcancel: () => void
        oneditresize?: (size: { width: number; height: number }) => void
      },
    ): void
  }
}
