/** Texts of recording. */
export default {
  mark: 'Recording',
  since: 'Recording, begun by {{name}} at {{at}}',
  begin: 'Record the meeting',
  stop: 'Stop recording',
  beginTitle: 'Record this meeting?',
  beginBody:
    'Everybody is asked for consent; nobody is recorded before they agree. The recording is kept with the meeting in the console. You yourself agree by beginning.',
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
  person: { agreed: 'Agreed to be recorded', declined: 'Did not agree to be recorded' },
};
