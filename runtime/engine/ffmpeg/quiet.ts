/** Before everything else: nothing but what matters, and nobody at a keyboard. */
export const QUIET = ['-hide_banner', '-nostdin', '-nostats']
