/** Texts of recording. */
export default {
  mark: '录制中',
  since: '{{name}} 于 {{at}} 开始录制',
  begin: '录制会议',
  stop: '停止录制',
  beginTitle: '录制这场会议？',
  beginBody:
    '系统会逐一征求参会人同意，同意前不录制其声音和画面；分组讨论不录制。录制保存在管理后台的会议详情中。您开始录制即表示本人同意。',
  beginDo: '开始录制',
  stopTitle: '停止录制？',
  stopBody: '停止后将在后台合成视频，完成后可在管理后台播放。',
  stopDo: '停止录制',
  askTitle: '会议正在录制',
  askBody:
    '{{name}} 正在录制会议。同意后，您的声音、画面和共享的屏幕将从此刻起被录制；不同意可以继续旁听，录制期间麦克风、摄像头和屏幕共享保持关闭。',
  askKept: '您的选择和时间会与录制一起留存。',
  agree: '同意录制',
  decline: '不同意，只旁听',
  leave: '离开会议',
  declined: '您未同意录制，录制期间麦克风、摄像头和屏幕共享保持关闭。',
  open: '您还没有选择是否同意录制，选择前不会录制您。',
  answer: '去选择',
  /** In a breakout room, while the main room is recorded. */
  outside: '此处不录制',
  outsideTitle: '正在录制的是主会场；分组讨论不录制。',
  outsideBody: '主会场正在录制，讨论室里的声音和画面不录制。',
  /** After the meeting. */
  films: '会议录制',
  filmsBody: '主持人共享给参会人的录制。播放会记入审计日志。',
  play: '播放 {{at}} 的录制',
  fill: '全屏播放',
  playFailed: '视频无法播放，请刷新页面后重试',
  person: { agreed: '已同意录制', declined: '未同意录制' },
};
