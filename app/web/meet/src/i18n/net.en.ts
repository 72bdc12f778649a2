/** Texts of the ways of sound and pictures over the network. */
export default {
  only: 'Restricted network test: go by the relay alone',
  onlyHint: 'For networks that let no meetings through. Slower, so leave it off when all is well.',
};
