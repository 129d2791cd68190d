import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { inOrder, secondsOf } from './lanes.ts'

/** Begins the files of each project that runs one group of workers in the order of the lanes; unit tests longest first. */
export class LaneOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const shared = (spec: TestSpecification) => spec.project.config.maxWorkers > 2
    const order = new Map(inOrder(files.filter(shared).map(spec => spec.moduleId)).map((file, n) => [file, n]))
    const rank = (spec: TestSpecification) => order.get(spec.moduleId) ?? -secondsOf(spec.moduleId)
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}
