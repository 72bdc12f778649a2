/**
 * meetingAt is the page of a meeting, for the apps in which one signs in before it; where a number is entered when this is none. The
 * search goes along: it names the body for which a pass is wanted.
 */
export const meetingAt = (number: string, search: string): string =>
  /^\d{10}$/.test(number) ? `/meet/${number}${search}` : '/meet/';
