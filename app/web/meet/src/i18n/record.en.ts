/** Texts of recording. */
export default {
  mark: 'Recording',
  since: 'Recording, begun by {{name}} at {{at}}',
  begin: 'Record the meeting',
  stop: 'Stop recording',
  beginTitle: 'Record this meeting?',
  beginBody:
    'Everybody is asked for consent; nobody is recorded before they agree. Breakout rooms are not recorded. The recording is kept with the meeting in the console. You yourself agree by beginning.',
  beginDo: 'Begin recording',
  stopTitle: 'Stop recording?',
  stopBody: 'The video is then made in the background and can be played in the console.',
  stopDo: 'Stop recording',
  askTitle: 'This meeting is being recorded',
  askBody:
    '{{name}} records the meeting. If you agree, your sound, picture and shared screen are recorded from now on. If you do not, you can stay and listen: microphone, camera and screen stay off while the recording runs.',
  askKept: 'What you say here is kept with the recording: who, and when.',
  agree: 'I agree',
  decline: 'I do not; I only listen',
  leave: 'Leave the meeting',
  declined: 'You did not agree to be recorded: microphone, camera and screen are off while the recording runs.',
  open: 'You have not said yet whether you agree to be recorded. Until then you are not recorded.',
  answer: 'Answer',
  /** In a breakout room, while the main room is recorded. */
  outside: 'Not recorded here',
  outsideTitle: 'The main room is being recorded; breakout rooms are not.',
  outsideBody: 'The main room is being recorded; what is said and shown in this breakout room is not.',
  /** After the meeting. */
  films: 'Recordings',
  filmsBody: 'Shared by the host with who took part. Each playing is noted in the audit log.',
  play: 'Play the recording of {{at}}',
  fill: 'Fill the screen',
  playFailed: 'The film cannot be played. Reload the page and try again.',
  person: { agreed: 'Agreed to be recorded', declined: 'Did not agree to be recorded' },
};
