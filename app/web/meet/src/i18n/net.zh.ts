/** Texts of the ways of sound and pictures over the network. */
export default {
  only: '受限网络测试：只经中继服务器连接',
  onlyHint: '用于不放行会议流量的网络。会慢一些，平时不必打开。',
};
