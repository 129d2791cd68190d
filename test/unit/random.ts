/** A fixed sequence of numbers between 0 and 1 (Park and Miller), so that a test that fails fails again. */
export function random(seed = 1): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
