/** The factor that so many dB are. */
export const factor = (dB = 0): number => 10 ** (dB / 20)
