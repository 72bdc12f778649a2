/** Names what is kept of the caller's requests. */
export const overseeKey = ['supervision'];
