import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { inOrder, secondsOf } from './lanes.ts'

/** Begins what starts processes in the order of the lanes, and unit tests longest first. */
export class LaneOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const shared = (spec: TestSpecification) => spec.project.config.sequence.groupOrder > 0
    const order = new Map(inOrder(files.filter(shared).map(spec => spec.moduleId)).map((file, n) => [file, n]))
    const rank = (spec: TestSpecification) => order.get(spec.moduleId) ?? -secondsOf(spec.moduleId)
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}
