/** A mainland mobile number as people type it, with blanks, dashes or +86. The server decides. */
export const phoneShape = /^(\+?86)?[\s-]*1[\d\s-]{10,14}$/;
