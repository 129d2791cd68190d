/** NTSC-family rates are exact fractions (SMPTE ST 12-1); anything else is taken to the thousandth. */
const NTSC = [24, 30, 60, 120].map(nominal => ({ fps: (nominal * 1000) / 1001, num: nominal * 1000, den: 1001 }))

/** Frames per second as people write it (29.97, 23.976, 30) to the exact rate that it stands for. */
export function toFraction(fps: number): { num: number; den: number } {
  if (Number.isInteger(fps)) return { num: fps, den: 1 }
  const ntsc = NTSC.find(rate => Math.abs(rate.fps - fps) < 0.005)
  if (ntsc) return { num: ntsc.num, den: ntsc.den }
  return { num: Math.round(fps * 1000), den: 1000 }
}
