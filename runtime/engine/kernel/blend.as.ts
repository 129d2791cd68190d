/**
 * What a layer does to sixteen pixels below it: the two formulas of the kernel, each rounded once.
 * Alpha a of 255 becomes a share of 32767: the byte twice in 16 bits is a * 257, half of that fills 15 bits.
 */
export const FULL: i32 = 32767

/** The first eight shares. */
@inline
export function lowShare(a: v128): v128 {
  return i16x8.shr_u(i8x16.shuffle(a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7), 1)
}

/** The last eight. */
@inline
export function highShare(a: v128): v128 {
  return i16x8.shr_u(i8x16.shuffle(a, a, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15), 1)
}

/** d * (255 - a) / 255 + p, where `low` and `high` are the shares of 255 - a. */
@inline
export function over(d: v128, p: v128, low: v128, high: v128): v128 {
  const first = i16x8.relaxed_q15mulr_s(i16x8.extend_low_i8x16_u(d), low)
  const last = i16x8.relaxed_q15mulr_s(i16x8.extend_high_i8x16_u(d), high)
  return i8x16.add_sat_u(i8x16.narrow_i16x8_u(first, last), p)
}

/** What a layer of opacity o leaves of the picture below where its alpha has this share. */
@inline
export function kept(share: v128, o: v128): v128 {
  return i16x8.sub(i16x8.splat(<i16>FULL), i16x8.relaxed_q15mulr_s(share, o))
}

/** (d * keep + p * o) / 32768 of eight pixels in 16 bits. */
@inline
function mixed(d: v128, p: v128, keep: v128, o: v128): v128 {
  const half = i32x4.splat(0x4000)
  const low = i32x4.dot_i16x8_s(
    i8x16.shuffle(d, p, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23),
    i8x16.shuffle(keep, o, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23),
  )
  const high = i32x4.dot_i16x8_s(
    i8x16.shuffle(d, p, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31),
    i8x16.shuffle(keep, o, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31),
  )
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(low, half), 15), i32x4.shr_s(i32x4.add(high, half), 15))
}

/** d * (255 - a * o) / 255 + p * o, where `low` and `high` are what is left of d. */
@inline
export function faded(d: v128, p: v128, low: v128, high: v128, o: v128): v128 {
  return i8x16.narrow_i16x8_u(
    mixed(i16x8.extend_low_i8x16_u(d), i16x8.extend_low_i8x16_u(p), low, o),
    mixed(i16x8.extend_high_i8x16_u(d), i16x8.extend_high_i8x16_u(p), high, o),
  )
}
