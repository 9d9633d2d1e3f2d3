/** Displayed bounds hold with a confidence of 1 less this, at all looks at once. */
export const DISPLAY_ALPHA = 0.01;
